/**
 * What Go's regexp makes of the expressions that Docker builds of ignore patterns. They are no user's expressions but chars of
 * a pattern put together, so that `\m` or `[a-*]` may be in them; Go refuses what JavaScript would take, and the other way round.
 * https://github.com/google/re2/wiki/Syntax
 */

import { BadExpression, ExpressionReader } from "./expression-reader";

const posix: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
const perl: Readonly<Record<string, string>> = {
  d: "0-9",
  s: "\\t\\n\\f\\r ",
  w: "0-9A-Za-z_",
};
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const literal = (code: number) => `\\u{${code.toString(16)}}`;

/** @param source as Docker builds it, with Go's Perl flags and no others @throws BadExpression */
export function goRegExp(source: string): RegExp {
  const reader = new ExpressionReader(source);
  let result = "";
  /** What a repetition counts for; none at the beginning, and after another repetition. */
  let atom = "";
  const add = (next: string, following = next) => {
    result += next;
    atom = following;
  };
  while (!reader.ended) {
    const character = reader.next();
    if (character === "\\") add(escapeOutside(reader));
    else if (character === "[") add(classOf(reader));
    else if (character === "{") {
      const repetition = repetitionOf(reader);
      if (repetition === undefined) add(literal(0x7b));
      else {
        if (atom === "") throw new BadExpression();
        result = `${result.slice(0, -atom.length)}(?:${atom}){${repetition}}`;
        atom = "";
      }
    } else if (character === "^" || character === "$") add(character);
    // Docker's own: it escapes those of a pattern, but for the bar.
    else if ("|()*?".includes(character)) add(character, "");
    else if (character === ".") add("[^\\n]");
    else add(literal(character.codePointAt(0) ?? 0));
  }
  try {
    return new RegExp(result, "u");
  } catch {
    throw new BadExpression();
  }
}

/** `2}`, `2,}` or `2,3}`. @returns undefined where the brace stands for itself */
function repetitionOf(reader: ExpressionReader): string | undefined {
  const [whole = "", low = "", comma, high = ""] =
    /^(0|[1-9]\d{0,7})(,(0|[1-9]\d{0,7})?)?\}/.exec(reader.ahead()) ?? [];
  if (whole === "") return undefined;
  if (Number(low) > 1000 || Number(high) > 1000 || (high !== "" && Number(low) > Number(high)))
    throw new BadExpression();
  reader.skip(whole.length);
  return `${low}${comma ?? ""}`;
}

function escapeOutside(reader: ExpressionReader): string {
  const letter = reader.peek();
  if (letter === "Q") {
    reader.next();
    const quoted = reader.upTo("\\E") ?? reader.rest();
    return Array.from(quoted, (one) => literal(one.codePointAt(0) ?? 0)).join("");
  }
  const set = setEscape(reader);
  if (set !== undefined) return set.negated ? `[^${set.members}]` : `[${set.members}]`;
  if (letter === "A" || letter === "z") {
    reader.next();
    return letter === "A" ? "^" : "$";
  }
  if (letter === "b" || letter === "B") {
    reader.next();
    return `\\${letter}`;
  }
  return literal(characterEscape(reader));
}

/** `\d`, `\pL`, `\p{Greek}` and the like. */
function setEscape(reader: ExpressionReader): { readonly members: string; readonly negated: boolean } | undefined {
  const letter = reader.peek();
  const members = perl[letter.toLowerCase()];
  if (members !== undefined && /[dswDSW]/.test(letter)) {
    reader.next();
    return { members, negated: letter !== letter.toLowerCase() };
  }
  if (letter !== "p" && letter !== "P") return undefined;
  reader.next();
  const braced = reader.peek() === "{";
  if (braced) reader.next();
  const name = braced ? reader.upTo("}") : reader.next();
  if (name === undefined) throw new BadExpression();
  const [, caret = "", property = ""] = /^(\^?)(.*)$/su.exec(name) ?? [];
  return { members: unicodeProperty(property), negated: (letter === "P") !== (caret === "^") };
}

function unicodeProperty(name: string): string {
  for (const property of name === "Any" ? ["Any"] : [`General_Category=${name}`, `Script=${name}`]) {
    try {
      new RegExp(`\\p{${property}}`, "u");
      return `\\p{${property}}`;
    } catch {
      // The other kind, or none.
    }
  }
  throw new BadExpression();
}

/** @returns a code point */
function characterEscape(reader: ExpressionReader): number {
  const character = reader.next();
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 && !/[0-9A-Za-z]/.test(character)) return code;
  if (character in controls) return controls[character] ?? 0;
  if (/[0-7]/.test(character)) {
    if (character !== "0" && !/^[0-7]$/.test(reader.peek())) throw new BadExpression();
    let digits = character;
    while (digits.length < 3 && /^[0-7]$/.test(reader.peek())) digits += reader.next();
    return Number.parseInt(digits, 8);
  }
  if (character !== "x") throw new BadExpression();
  const braced = reader.peek() === "{";
  if (braced) reader.next();
  const digits = braced ? (reader.upTo("}") ?? "") : reader.next() + reader.next();
  const value = Number.parseInt(digits, 16);
  if (!/^[0-9A-Fa-f]+$/.test(digits) || value > 0x10ffff) throw new BadExpression();
  return value;
}

/** What follows a `[`. */
function classOf(reader: ExpressionReader): string {
  const negated = reader.peek() === "^";
  if (negated) reader.next();
  let members = "";
  const negatives: string[] = [];
  for (let first = true; first || reader.peek() !== "]"; first = false) {
    if (reader.peek() === "[" && reader.peek(1) === ":" && reader.peek(2) !== "") {
      const set = posixSet(reader);
      if (set !== undefined) {
        members += set;
        continue;
      }
    }
    if (reader.peek() === "\\") {
      reader.next();
      const set = setEscape(reader);
      if (set !== undefined) {
        if (set.negated) negatives.push(`[^${set.members}]`);
        else members += set.members;
        continue;
      }
      members += range(reader, characterEscape(reader));
    } else members += range(reader, reader.next().codePointAt(0) ?? 0);
  }
  reader.next();
  if (negatives.length === 0) return `[${negated ? "^" : ""}${members}]`;
  const alternatives = [...(members === "" ? [] : [`[${members}]`]), ...negatives].join("|");
  return negated ? `(?:(?!${alternatives})[^])` : `(?:${alternatives})`;
}

function range(reader: ExpressionReader, low: number): string {
  if (reader.peek() !== "-" || reader.peek(1) === "]" || reader.peek(1) === "") return literal(low);
  reader.next();
  let high: number;
  if (reader.peek() === "\\") {
    reader.next();
    high = characterEscape(reader);
  } else high = reader.next().codePointAt(0) ?? 0;
  if (high < low) throw new BadExpression();
  return `${literal(low)}-${literal(high)}`;
}

/** `[:alpha:]`, which is at the reader's place. @returns undefined where it isn't one */
function posixSet(reader: ExpressionReader): string | undefined {
  const name = reader.upTo(":]", 2);
  if (name === undefined) return undefined;
  const [, caret, kind = ""] = /^\[:(\^?)(\w*)$/.exec(name) ?? [];
  const members = posix[kind];
  if (members === undefined) throw new BadExpression();
  return caret === "^" ? complementOf(kind) : members;
}

/** All but the ASCII characters of a class. */
function complementOf(kind: string): string {
  const members = new RegExp(`[${posix[kind]}]`, "u");
  const others = Array.from({ length: 0x80 }, (_, code) => code).filter(
    (code) => !members.test(String.fromCharCode(code)),
  );
  return `${others.map(literal).join("")}\\u{80}-\\u{10ffff}`;
}
