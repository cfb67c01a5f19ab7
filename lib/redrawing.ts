/** A text that is drawn anew in the same place of a terminal, on its second screen, so that what was there before stays. */
import { visible } from "./visible";

/** How a control sequence begins. https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
const sequence = "\u001b[";
const secondScreen = `${sequence}?1049h${sequence}?25l${sequence}?7l`;
const firstScreen = `${sequence}?7h${sequence}?25h${sequence}?1049l`;

export class Redrawing {
  private isOpen = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  /** Lines that are too long or too many for the terminal are cut; a last line then says so. */
  draw(text: string): void {
    const rows = Math.max(2, this.stream.rows ?? 24);
    const all = visible(text.trimEnd()).split("\n");
    const fit = all.length < rows ? all : [...all.slice(0, rows - 2), `(${all.length - rows + 2} more lines)`];
    const start = this.isOpen ? "" : secondScreen;
    this.isOpen = true;
    // As bytes: a stream of the commands shows what a terminal would obey instead of writing it.
    this.write(`${start}${sequence}H${fit.map((line) => `${line}${sequence}K`).join("\r\n")}${sequence}J`);
  }

  /** Back to what was there before. */
  end(): void {
    if (this.isOpen) this.write(firstScreen);
    this.isOpen = false;
  }

  private write(text: string): void {
    this.stream.write(Buffer.from(text));
  }
}
