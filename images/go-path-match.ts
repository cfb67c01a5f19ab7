/**
 * Which patterns Go's `filepath.Match` takes, when it compares them with `.`, as Docker does with each. It stops where a pattern
 * can't match any more, and finds no fault behind that place; so it is done here as it is done there.
 * https://pkg.go.dev/path/filepath#Match
 */

const name = ".";

class Fault extends Error {}

export function isGoPattern(pattern: string): boolean {
  try {
    match(Array.from(pattern));
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Whether it matches is of no interest. @throws Fault */
function match(pattern: readonly string[]): void {
  let left = pattern;
  let rest: string | undefined = name;
  while (left.length > 0) {
    const { star, chunk, after } = scanChunk(left);
    left = after;
    if (star && chunk.length === 0) return;
    const matched = matchChunk(chunk, rest);
    if (matched !== undefined && (matched === "" || left.length > 0)) {
      rest = matched;
      continue;
    }
    if (!star) return;
    // A star may stand for the only character of the name.
    const later: string | undefined = rest === "" ? undefined : matchChunk(chunk, rest.slice(1));
    if (later === undefined || (left.length === 0 && later !== "")) return;
    rest = later;
  }
}

function scanChunk(pattern: readonly string[]) {
  const start = pattern.findIndex((character) => character !== "*");
  const from = start < 0 ? pattern.length : start;
  let inRange = false;
  let index = from;
  for (; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === "\\") {
      if (index + 1 < pattern.length) index += 1;
    } else if (character === "[") inRange = true;
    else if (character === "]") inRange = false;
    else if (character === "*" && !inRange) break;
  }
  return { star: from > 0, chunk: pattern.slice(from, index), after: pattern.slice(index) };
}

/** @returns what is left of the text, or undefined where it doesn't match @throws Fault */
function matchChunk(chunk: readonly string[], text: string): string | undefined {
  let rest = text;
  let failed = false;
  for (let index = 0; index < chunk.length; ) {
    failed = failed || rest === "";
    const character = chunk[index];
    if (character === "[") {
      const { end, matches } = rangesAt(chunk, index + 1, rest);
      index = end;
      failed = failed || !matches;
    } else {
      if (character === "\\") index += 1;
      if (index >= chunk.length) throw new Fault();
      const fits = character === "?" ? rest[0] !== "/" : chunk[index] === rest[0];
      failed = failed || !fits;
      index += 1;
    }
    if (!failed) rest = rest.slice(1);
  }
  return failed ? undefined : rest;
}

function rangesAt(chunk: readonly string[], start: number, text: string) {
  let index = start;
  const negated = chunk[index] === "^";
  if (negated) index += 1;
  const code = text.codePointAt(0) ?? 0;
  let found = false;
  for (let count = 0; !(chunk[index] === "]" && count > 0); count += 1) {
    const low = escapedAt(chunk, index);
    const high = chunk[low.end] === "-" ? escapedAt(chunk, low.end + 1) : low;
    found = found || (low.code <= code && code <= high.code);
    index = high.end;
  }
  return { end: index + 1, matches: found !== negated };
}

/** A character of a class; another one follows it. */
function escapedAt(chunk: readonly string[], start: number) {
  let index = start;
  if (index >= chunk.length || chunk[index] === "-" || chunk[index] === "]") throw new Fault();
  if (chunk[index] === "\\") index += 1;
  const character = chunk[index];
  // A byte that is no UTF-8, or the end.
  if (character === undefined || /^[\ud800-\udfff]$/.test(character) || index + 1 >= chunk.length) throw new Fault();
  return { code: character.codePointAt(0) ?? 0, end: index + 1 };
}
