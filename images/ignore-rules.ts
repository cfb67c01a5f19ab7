/**
 * Which files of a build context the engine doesn't get: the ignore file, read as Docker reads it, and its patterns put
 * together as Docker's walk over a context does it.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files, https://github.com/moby/patternmatcher (`ignorefile`,
 * `MatchesUsingParentResults`), https://github.com/tonistiigi/fsutil (`filter.go`)
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { shown, UserError } from "../lib/user-error";
import { BadPattern, cleanPath, IgnorePattern, trimSpace } from "./ignore-pattern";
import { pathText } from "./path-text";

/** Of each pattern, whether it matches a folder. */
export type ParentResults = readonly boolean[];

export interface IgnoreResult {
  readonly isIgnored: boolean;
  /** For what is below, where the path is a folder. */
  readonly results: ParentResults;
}

/** Paths are relative to the context, with `/`, as `pathText` has them. */
export interface IgnoreRules {
  /** @param parents of the folder that it lies in; empty in the context's root @throws UserError */
  look(path: string, parents: ParentResults): IgnoreResult;
  /** Whether an ignored folder needs a look all the same, as an exception may lie below it. */
  mayHoldExceptions(folder: string): boolean;
  /** Whether an exception may lie anywhere, so that engines without BuildKit, which look below its own folders alone, differ. */
  readonly hasWildcardExceptions: boolean;
}

/** DOCKERFILE.dockerignore beside the Dockerfile goes before .dockerignore in the context's root; they don't add up. */
export function ignoreFileOf(context: string, dockerfile: string): string | undefined {
  return [`${join(context, dockerfile)}.dockerignore`, join(context, ".dockerignore")].find((file) =>
    statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

/** @throws UserError where the file can't be read, or Docker doesn't take a pattern of it */
export function ignoreRules(context: string, dockerfile: string): IgnoreRules {
  const file = ignoreFileOf(context, dockerfile);
  return rulesOf(file === undefined ? Buffer.alloc(0) : read(file), file ?? "");
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`${shown(file)} can't be read (${(error as NodeJS.ErrnoException).code}): make it readable.`);
  }
}

/** Longer ones are refused by Docker, which reads line by line. */
const longestLine = 64 * 1024;

/** The patterns' lines, as Docker hands them on. */
function linesOf(content: Buffer, file: string): string[] {
  const withoutMark = content.subarray(content.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0);
  const lines: string[] = [];
  for (let start = 0; start < withoutMark.length; ) {
    const newline = withoutMark.indexOf(0x0a, start);
    const end = newline < 0 ? withoutMark.length : newline;
    if (end - start >= longestLine) {
      throw new UserError(
        `${file} has a line of ${end - start} bytes, and Docker takes none above 64 KiB: shorten it.`,
      );
    }
    lines.push(pathText(withoutMark.subarray(start, end)));
    start = end + 1;
  }
  return lines.flatMap((line) => {
    const pattern = trimSpace(line);
    if (line.startsWith("#") || pattern === "") return [];
    const isException = pattern.startsWith("!");
    const path = isException ? trimSpace(pattern.slice(1)) : pattern;
    const clean = path === "" ? "" : cleanPath(path);
    return [`${isException ? "!" : ""}${clean.length > 1 && clean.startsWith("/") ? clean.slice(1) : clean}`];
  });
}

/** @param file of which errors speak */
export function rulesOf(content: Buffer, file: string): IgnoreRules {
  const patterns = refusing(file, () =>
    linesOf(content, file)
      .map(trimSpace)
      .filter((line) => line !== "")
      .map((line) => new IgnorePattern(line)),
  );
  const prefixes = patterns
    .filter(({ isException }) => isException)
    .map(({ text }) => text.replace(/\/\*\*$/, "").replace(/\/\*$/, ""));
  const hasWildcardExceptions = prefixes.some((prefix) => /[*[\]?^\\]/.test(prefix));
  return {
    look: (path, parents) => refusing(file, () => look(patterns, path, parents)),
    mayHoldExceptions: (folder) =>
      hasWildcardExceptions || prefixes.some((prefix) => `${prefix}/`.startsWith(`${folder}/`)),
    hasWildcardExceptions,
  };
}

function look(patterns: readonly IgnorePattern[], path: string, parents: ParentResults): IgnoreResult {
  let isIgnored = false;
  const results = patterns.map((pattern, index) => {
    if (parents[index] !== true) {
      // It would change nothing.
      if (pattern.isException !== isIgnored) return false;
      if (!pattern.matches(path)) return false;
    }
    isIgnored = !pattern.isException;
    return true;
  });
  return { isIgnored, results };
}

function refusing<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    throw new UserError(`${file} has a pattern that can't be read (${error.message}): correct it.`);
  }
}
