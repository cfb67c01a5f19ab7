/**
 * Reads the settings file: JSON as people and their editors write it. Comments, trailing commas, byte order marks and UTF-16 are
 * read; what could make a guard vanish (a key twice, an empty file, a file by nearly the right name) is refused.
 */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodedText } from "../lib/decoded-text";
import { nestingOf } from "../lib/nesting";
import { printable } from "../lib/printable";
import { shown, UserError } from "../lib/user-error";

export type Tree = Record<string, unknown>;

export interface SettingsFile {
  readonly tree: Tree;
  /** What is wrong besides wrong values, each a sentence. */
  readonly problems: readonly string[];
}

/**
 * @param mustExist whether the file was named; otherwise there may be none
 * @throws UserError for what can't be read or isn't a JSON object
 */
export function readSettingsFile(file: string, mustExist: boolean): SettingsFile {
  // A link that leads nowhere is there: what it was to lead to may be guards.
  if (!mustExist && lstatSync(file, { throwIfNoEntry: false }) === undefined) {
    refuseNearlyNamed(file);
    return { tree: {}, problems: [] };
  }
  return parsedSettings(textOf(file), file);
}

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`The settings file ${file} can't be read (${code}): give a readable JSON file.`);
  }
  const text = decodedText(bytes);
  if (text === undefined) {
    throw new UserError(`The settings file ${file} is neither UTF-8 nor UTF-16: save it as UTF-8.`);
  }
  // It may be all that is left of guards.
  if (text.trim() === "") throw new UserError(`The settings file ${file} is empty: give a JSON object, such as {}.`);
  return text;
}

/** The names that editors, downloads and hurried fingers give: no extension, another one, one too many, a copy's number. */
const nearly = /^settings?\s*(\(\d+\)|copy)?\s*\.(json|jsonc|json5|ya?ml|toml)(\.(json|txt))?\s*$/i;

/** A name that some editors give: settings that nobody reads are guards that aren't there. */
function refuseNearlyNamed(file: string): void {
  const [wanted, folder] = [basename(file), dirname(file)];
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  const found = readdirSync(folder).find((name) => nearly.test(name));
  if (found === undefined) return;
  throw new UserError(
    `There is no ${wanted}, but there is ${join(folder, found)}, which is not read: rename it to ${wanted}, or delete it.`,
  );
}

function parsedSettings(text: string, file: string): SettingsFile {
  const { value, error, twice } = parsedJsonc(text);
  if (error !== undefined) throw new UserError(`The settings file ${file} is not valid JSON: ${error}.`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`The settings file ${file} holds ${shown(value)}: give a JSON object, such as {}.`);
  }
  const problems = twice.map(({ path, lines }) =>
    lines.length === 1
      ? // What JavaScript takes for the object's prototype.
        `${path} (${basename(file)}) is not a setting: delete it`
      : `${printable(path)} (${basename(file)}) is there more than once, on the lines ${lines.join(" and ")}: keep one`,
  );
  const { $schema: _editorsOnly, ...tree } = value as Tree;
  return { tree, problems };
}

export interface ParsedJsonc {
  readonly value: unknown;
  /** Place and reason, as part of a sentence. */
  readonly error?: string;
  /** Names that are there more than once, and `__proto__`. */
  readonly twice: readonly { readonly path: string; readonly lines: readonly number[] }[];
}

/** Settings nest three levels deep. */
const deepest = 50;

/** White space that is none of JSON's: editors and web pages put it in the place of a space. */
const spaces =
  /"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/g;

/** JSON as people write it, with comments and trailing commas. */
export function parsedJsonc(given: string): ParsedJsonc {
  // By require: most synths have no settings file.
  const { parse, printParseErrorCode, visit } = require("jsonc-parser") as typeof import("jsonc-parser");
  const text = given.replace(spaces, (found) => (found.length === 1 ? " " : found));
  const nesting = nestingOf(text);
  if (nesting > deepest) return { value: undefined, error: `it is nested ${nesting} deep`, twice: [] };
  const errors: import("jsonc-parser").ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const before = text.slice(0, error.offset).split(/\r\n|\r|\n/);
    const found = /[“”„‟‘’‚'`]/.test(text[error.offset] ?? "")
      ? `this isn't a quotation mark of JSON: write "`
      : (words[printParseErrorCode(error.error)] ?? "something else than JSON stands there");
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    return { value: undefined, error: `${place}: ${found}`, twice: [] };
  }
  const linesOf = new Map<string, number[]>();
  visit(text, {
    onObjectProperty: (name, _offset, _length, startLine, _column, pathSupplier) => {
      const path = JSON.stringify([...pathSupplier(), name]);
      linesOf.set(path, [...(linesOf.get(path) ?? []), startLine + 1]);
    },
  });
  const twice = [...linesOf]
    .map(([path, lines]) => ({ names: JSON.parse(path) as (string | number)[], lines }))
    .filter(({ names, lines }) => lines.length > 1 || names.at(-1) === "__proto__")
    .map(({ names, lines }) => ({ path: names.join("."), lines }));
  return { value, twice };
}

/** What jsonc-parser misses or finds, as a sentence. */
const words: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is neither a value nor a name in quotation marks",
  InvalidNumberFormat: "this is no number",
  PropertyNameExpected: "a name in quotation marks is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace } is missing",
  CloseBracketExpected: "a closing bracket ] is missing",
  EndOfFileExpected: "there is more after the end of the object",
  UnexpectedEndOfComment: "a comment is not closed",
  UnexpectedEndOfString: "a quotation mark is missing",
  UnexpectedEndOfNumber: "a number is not complete",
  InvalidUnicode: "this is no Unicode escape",
  InvalidEscapeCharacter: "this is no escape: write a backslash as \\\\",
  InvalidCharacter: "a control character stands there",
};
