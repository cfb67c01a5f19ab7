/** Walks over HCL text: where strings, templates and bracketed expressions end, and the tokens of an expression. */

export interface Token {
  readonly kind: "name" | "number" | "string" | "heredoc" | "mark" | "newline";
  readonly text: string;
}

const heredocStart = /<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy;
const comment = /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;
const name = /[\p{ID_Start}_][\p{ID_Continue}-]*(?:::[\p{ID_Start}_][\p{ID_Continue}-]*)*/uy;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const mark = /\.\.\.|=>|==|!=|<=|>=|&&|\|\||[()[\]{},.:=?+\-*/%<>!]/y;
const space = /[ \t\r\uFEFF]+/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** @param at of the opening quotation mark. @returns the place after the closing one */
function stringEnd(text: string, at: number): number {
  let place = at + 1;
  while (place < text.length) {
    if (text[place] === '"') return place + 1;
    if (text[place] === "\\") place += 2;
    else if (text.startsWith("$${", place) || text.startsWith("%%{", place)) place += 3;
    else if (text.startsWith("${", place) || text.startsWith("%{", place)) place = sequenceEnd(text, place);
    else place += 1;
  }
  throw new Error(`A string has no end: ${text.slice(at, at + 40)}`);
}

/** @param at of `${` or `%{`. @returns the place after the brace that closes it */
export function sequenceEnd(text: string, at: number): number {
  let depth = 0;
  let place = at + 2;
  while (place < text.length) {
    const skipped = skipAt(text, place);
    if (skipped !== undefined) {
      place = skipped;
      continue;
    }
    const character = text[place] ?? "";
    if (character === "}" && depth === 0) return place + 1;
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    place += 1;
  }
  throw new Error(`A template has no end: ${text.slice(at, at + 40)}`);
}

/** The place after a string, heredoc or comment that begins here. */
function skipAt(text: string, at: number): number | undefined {
  if (text[at] === '"') return stringEnd(text, at);
  const start = matchAt(heredocStart, text, at);
  if (start !== undefined) return at + heredocText(text, at, start).length;
  const skipped = matchAt(comment, text, at);
  return skipped === undefined ? undefined : at + skipped.length;
}

/** From `<<` to the marker at its end. */
function heredocText(text: string, at: number, start: string): string {
  const marker = start.replace(/^<<-?/, "").trim();
  const end = new RegExp(`^[ \\t]*${marker}(?=\\s*$)`, "m");
  const from = at + start.length;
  const found = end.exec(text.slice(from));
  if (found === null) throw new Error(`A heredoc has no end: ${text.slice(at, at + 40)}`);
  return text.slice(at, from + found.index + found[0].length);
}

/** @throws Error for what no expression of HCL has */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (kind: Token["kind"], taken: string) => {
    found.push({ kind, text: taken });
    at += taken.length;
  };
  while (at < text.length) {
    const start = matchAt(heredocStart, text, at);
    const skipped = matchAt(space, text, at) ?? matchAt(comment, text, at);
    const named = matchAt(name, text, at);
    const counted = matchAt(number, text, at);
    const marked = matchAt(mark, text, at);
    if (text[at] === '"') take("string", text.slice(at, stringEnd(text, at)));
    else if (start !== undefined) take("heredoc", heredocText(text, at, start));
    else if (text[at] === "\n") take("newline", "\n");
    else if (skipped !== undefined) at += skipped.length;
    else if (named !== undefined) take("name", named);
    else if (counted !== undefined) take("number", counted);
    else if (marked !== undefined) take("mark", marked);
    else throw new Error(`No expression of HCL: ${text.slice(at, at + 40)}`);
  }
  return found;
}
