/** What a user types, a line after the other: at a terminal, or where there is none. Keeps how each ended and how long it took. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runProcess } from "../../lib/run-process";
import { table } from "../../lib/table";
import { project } from "./project";
import { onTerminal } from "./terminal";

const minute = 60_000;

export type Place = "pty" | "plain";

export interface Typed {
  /** What follows the documented line, wherever it is typed. */
  readonly more?: string;
  /** What follows it where nobody can be asked. */
  readonly plain?: string;
  /** At a terminal: what is waited for, and what is typed then. */
  readonly answers?: readonly (readonly [shown: string | RegExp, typed: string])[];
}

export interface Played {
  readonly exitCode: number;
  /** Both outputs, without what a terminal obeys. */
  readonly said: string;
}

export class Session {
  private readonly rows: string[][] = [];
  private readonly pids = new Set<number>();
  /** Everything that was typed and said. */
  said = "";

  constructor(
    private readonly place: Place,
    private readonly cwd: string,
    private readonly env: NodeJS.ProcessEnv,
    /** Where the table of the commands is written, with the seconds that each took and its exit code, and below what they said. */
    private readonly file: string,
  ) {}

  /** @param line as the README or a page of docs/ has it; an environment may stand before it */
  async types(line: string, { more = "", plain = "", answers = [] }: Typed = {}): Promise<Played> {
    const documented = line.replace(/^CRUDDUR_SETTINGS=\S+ /, "");
    if (!pages().some((page) => page.includes(documented))) throw new Error(`No page has the command: ${line}`);
    const typed = [line, more, ...(this.place === "plain" ? [plain] : [])].filter((part) => part !== "").join(" ");
    const start = Date.now();
    const played = this.place === "pty" ? await this.atTerminal(typed, answers) : await this.without(typed);
    this.said += `$ ${typed}\n${played.said}\n`;
    this.rows.push([typed, ((Date.now() - start) / 1000).toFixed(1), String(played.exitCode)]);
    // After each: a day that fails has its table, too.
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${table(["COMMAND", "SECONDS", "EXIT CODE"], this.rows)}\n\n${this.said}`);
    return played;
  }

  private async atTerminal(line: string, answers: NonNullable<Typed["answers"]>): Promise<Played> {
    const terminal = onTerminal("bash", ["-c", line], { cwd: this.cwd, env: { ...this.env, TERM: "dumb" } });
    this.pids.add(terminal.pid);
    for (const [shown, typed] of answers) {
      await terminal.sees(shown, 4 * minute);
      terminal.types(`${typed}\r`);
    }
    const exitCode = await terminal.ended;
    this.pids.delete(terminal.pid);
    return { exitCode, said: stripVTControlCharacters(terminal.shown()).replaceAll("\r", "") };
  }

  private async without(line: string): Promise<Played> {
    let said = "";
    const onLine = (text: string) => {
      said += `${text}\n`;
    };
    const { exitCode } = await runProcess("bash", ["-c", line], { cwd: this.cwd, environment: this.env, onLine });
    return { exitCode, said };
  }

  /** Ends what waits at a terminal still. */
  end(): void {
    for (const pid of this.pids) process.kill(pid, "SIGKILL");
  }
}

/** The README and every page of docs/. */
function pages(): string[] {
  const docs = join(project, "docs");
  const files = readdirSync(docs).filter((name) => name.endsWith(".md"));
  return [join(project, "README.md"), ...files.map((name) => join(docs, name))].map((file) =>
    readFileSync(file, "utf8"),
  );
}
