/**
 * A pattern of an ignore file as Docker reads it, sign by sign: https://github.com/moby/patternmatcher, version 0.6.1. Libraries
 * for npm differ from it where folders, brackets and backslashes are concerned, so the rules are carried over.
 */
import { posix } from "node:path";
import { BadExpression } from "./expression-reader";
import { isGoPattern } from "./go-path-match";
import { goRegExp } from "./go-regexp";
import { asCharacters, pathBytes } from "./path-text";

/** Docker doesn't take the pattern. */
export class BadPattern extends Error {
  constructor(readonly pattern: string) {
    super(`${JSON.stringify(pattern)} is no pattern`);
  }
}

type Kind = "exact" | "prefix" | "suffix" | "expression";

/** Go's `filepath.Clean`. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}

/** What Go's `strings.TrimSpace` takes away. */
export function trimSpace(text: string): string {
  return text
    .replace(/^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u, "")
    .replace(/[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u, "");
}

export class IgnorePattern {
  /** Whether it lets in again what an earlier one keeps out: it began with `!`. */
  readonly isException: boolean;
  /** Without the `!`. */
  readonly text: string;
  private compiled: { readonly kind: Kind; readonly matches: (path: string) => boolean } | undefined;

  /** @param line not empty @throws BadPattern */
  constructor(line: string) {
    const clean = cleanPath(line);
    this.isException = clean.startsWith("!");
    this.text = this.isException ? clean.slice(1) : clean;
    if (this.text === "" || !isGoPattern(this.text)) throw new BadPattern(line);
  }

  /** @param path relative to the context, with `/` @throws BadPattern where it can be told only now */
  matches(path: string): boolean {
    this.compiled ??= this.compile();
    return this.compiled.matches(path);
  }

  private compile() {
    const { kind, expression } = expressionOf(this.text);
    return { kind, matches: this.matcher(kind, expression) };
  }

  private matcher(kind: Kind, expression: string): (path: string) => boolean {
    const { text } = this;
    if (kind === "expression") {
      try {
        const compiled = goRegExp(expression);
        return (path) => compiled.test(asCharacters(path));
      } catch (error) {
        if (error instanceof BadExpression) throw new BadPattern(text);
        throw error;
      }
    }
    if (kind === "exact") return (path) => path === text;
    // Bytes are compared, in which a pattern that is no UTF-8 may begin or end within a character.
    const bytes = pathBytes(text);
    if (kind === "prefix") {
      const prefix = bytes.subarray(0, -2);
      return (path) => pathBytes(path).subarray(0, prefix.length).equals(prefix);
    }
    const suffix = bytes.subarray(2);
    const alone = suffix[0] === 0x2f ? suffix.subarray(1) : undefined;
    return (path) => {
      const whole = pathBytes(path);
      const end = whole.subarray(Math.max(0, whole.length - suffix.length));
      return end.equals(suffix) || (alone !== undefined && whole.equals(alone));
    };
  }
}

/** Docker's `compile`: plain text becomes a comparison, everything else an expression of Go's. */
function expressionOf(pattern: string): { readonly kind: Kind; readonly expression: string } {
  const characters = Array.from(asCharacters(pattern));
  // Go's scanner takes it for a byte order mark.
  if (characters[0] === "\ufeff") characters.shift();
  let expression = "^";
  let kind: Kind = "exact";
  for (let index = 0, count = 0; index < characters.length; index += 1, count += 1) {
    const character = characters[index] as string;
    if (character === "*" && characters[index + 1] === "*") {
      index += characters[index + 2] === "/" ? 2 : 1;
      if (index + 1 < characters.length) {
        expression += "(.*/)?";
        kind = "expression";
      } else if (kind === "exact") kind = "prefix";
      else {
        expression += ".*";
        kind = "expression";
      }
      if (count === 0) kind = "suffix";
    } else if (character === "*" || character === "?") {
      expression += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
      // Docker means to escape | { } as well, and doesn't: its table of signs is too short for them.
    } else if (".+()$".includes(character)) expression += `\\${character}`;
    else if (character === "\\") {
      expression += character;
      if (index + 1 < characters.length) {
        index += 1;
        expression += characters[index];
        kind = "expression";
      }
    } else {
      expression += character;
      if (character === "[" || character === "]") kind = "expression";
    }
  }
  return { kind, expression: `${expression}$` };
}
