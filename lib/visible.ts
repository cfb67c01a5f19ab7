/**
 * What a terminal would obey, shown instead: C0 and C1 controls, escape sequences by their first character, line and paragraph
 * separators, tags, and what turns the order of a line round. Line ends and tabs stay; so do joiners, which words and emoji are
 * made of.
 * https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const obeyed = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function escaped(character: string): string {
  if (character === "\r") return "\\r";
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A text in which such characters are written as JSON writes them: JSON stays JSON of the same value. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(obeyed, escaped);
}

const guarded = new WeakSet<NodeJS.WritableStream>();

/** Makes everything that is written to a stream as text visible: whatever AWS, a container or a file has put into it. */
export function writeVisibly(stream: NodeJS.WritableStream): void {
  if (guarded.has(stream)) return;
  guarded.add(stream);
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === "string" ? visible(chunk) : chunk, ...rest)) as typeof stream.write;
}
