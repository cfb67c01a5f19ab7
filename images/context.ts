/** A build context as a list of files: what a checkout has on every machine, and nothing else. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { join, posix } from "node:path";
import { shown, UserError } from "../lib/user-error";
import { type IgnoreRules, ignoreRules, type ParentResults } from "./ignore-rules";
import { pathBytes, pathText } from "./path-text";

export interface BuildContext {
  /** What it is in errors: the image's name. */
  readonly name: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Path of the Dockerfile in the folder, with `/`. */
  readonly dockerfile: string;
  /** Files that are made at synth and go before those of the folder, by path. @default none */
  readonly generated?: Readonly<Record<string, string>>;
}

/** A path is as `pathText` has it. */
export type ContextEntry = { readonly path: string } & (
  | { readonly kind: "file"; readonly source: string; readonly executable: boolean }
  | { readonly kind: "generated"; readonly text: string }
  | { readonly kind: "link"; readonly target: string }
  /** With nothing in it that the engine gets; others come of their files. */
  | { readonly kind: "folder" }
);

/**
 * The entries that the engine gets, sorted by the bytes of their paths. The Dockerfile is among them even where it
 * is ignored: the engine reads it, and drops it from the context by itself. Of modes only the owner's
 * executable bit counts, which is all that git keeps.
 * @throws UserError without folder or Dockerfile, for what is neither file, folder nor link, and for what can't be read
 */
export function contextEntries(context: BuildContext): ContextEntry[] {
  const { folder, dockerfile, generated = {} } = context;
  requireContext(context);
  const entries = new Map<string, ContextEntry>();
  for (const entry of walk(context, "", [], ignoreRules(folder, dockerfile))) entries.set(entry.path, entry);
  if (!entries.has(dockerfile) && !Object.hasOwn(generated, dockerfile)) {
    entries.set(dockerfile, fileEntry(join(folder, dockerfile), dockerfile));
  }
  for (const [path, text] of Object.entries(generated)) entries.set(path, { path, kind: "generated", text });
  for (const path of entries.keys()) {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) entries.delete(parent);
  }
  return [...entries.values()].sort((a, b) => Buffer.compare(pathBytes(a.path), pathBytes(b.path)));
}

/** Files of the folder that a generated one takes the place of, with another content. */
export function displacedFiles({ folder, generated = {} }: BuildContext): string[] {
  return Object.entries(generated)
    .filter(([path, text]) => {
      const file = join(folder, path);
      return existsSync(file) && !(statSync(file).isFile() && readFileSync(file, "utf8") === text);
    })
    .map(([path]) => path);
}

function requireContext({ name, folder, dockerfile, generated = {} }: BuildContext): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`The build context of ${name} is ${shown(folder)}, but there is no such folder: give another.`);
  }
  if (!Object.hasOwn(generated, dockerfile) && !existsSync(join(folder, dockerfile))) {
    throw new UserError(`The build context of ${name} has no ${dockerfile} (in ${folder}): give another, or add it.`);
  }
}

/** Docker's walk: an ignored folder is there as soon as something in it is. */
function* walk(
  context: BuildContext,
  parent: string,
  parents: ParentResults,
  rules: IgnoreRules,
): Generator<ContextEntry> {
  for (const { name, kind } of namesIn(context, parent)) {
    const path = parent === "" ? name : `${parent}/${name}`;
    const { isIgnored, results } = rules.look(path, parents);
    if (kind === "folder") {
      if (!isIgnored) yield { path, kind };
      if (!isIgnored || rules.mayHoldExceptions(path)) yield* below(context, path, isIgnored, results, rules);
    } else if (!isIgnored) yield entryOf(context, path, kind);
  }
}

/** What nobody may read is no trouble where it is ignored. */
function* below(
  context: BuildContext,
  path: string,
  isIgnored: boolean,
  results: ParentResults,
  rules: IgnoreRules,
): Generator<ContextEntry> {
  try {
    accessSync(sourceOf(context, path), constants.R_OK | constants.X_OK);
  } catch (error) {
    if (isIgnored) return;
    throw unreadable(context, path, error);
  }
  yield* walk(context, path, results, rules);
}

interface Named {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

function namesIn(context: BuildContext, path: string): Named[] {
  try {
    return readdirSync(sourceOf(context, path), { withFileTypes: true, encoding: "buffer" }).map((dirent) => ({
      name: pathText(dirent.name),
      kind: dirent.isDirectory() ? "folder" : dirent.isSymbolicLink() ? "link" : dirent.isFile() ? "file" : "other",
    }));
  } catch (error) {
    throw unreadable(context, path, error);
  }
}

function unreadable({ name, folder }: BuildContext, path: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  return new UserError(
    `${shown(join(folder, path))} can't be read (${code}), so ${name} can't be built of it: make it readable, or list it in the ignore file.`,
  );
}

/** The path on this machine, whatever its bytes. */
function sourceOf({ folder }: BuildContext, path: string): Buffer {
  return pathBytes(path === "" ? folder : join(folder, path));
}

function entryOf(context: BuildContext, path: string, kind: Named["kind"]): ContextEntry {
  const source = sourceOf(context, path);
  if (kind === "link") return { path, kind, target: pathText(readlinkSync(source, { encoding: "buffer" })) };
  if (kind === "file") return fileEntry(join(context.folder, path), path);
  throw new UserError(
    `${join(context.folder, path)} is neither file, folder nor link, so ${context.name} can't be built from it: delete it, or list it in the ignore file.`,
  );
}

function fileEntry(source: string, path: string): ContextEntry {
  return { path, kind: "file", source, executable: (lstatSync(pathBytes(source)).mode & 0o100) !== 0 };
}
