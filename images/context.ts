/** A build context as a list of files: what a checkout has on every machine, and nothing else. */
import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { shown, UserError } from "../lib/user-error";
import { type IgnoreRules, ignoreRules } from "./ignore-rules";

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

export type ContextEntry = { readonly path: string } & (
  | { readonly kind: "file"; readonly source: string; readonly executable: boolean }
  | { readonly kind: "generated"; readonly text: string }
  | { readonly kind: "link"; readonly target: string }
);

/**
 * The entries that the engine gets, sorted by the bytes of their paths. The Dockerfile is among them even where it
 * is ignored: the engine reads it, and drops it from the context by itself. Of modes only the owner's
 * executable bit counts, which is all that git keeps; folders count by their files.
 * @throws UserError without folder or Dockerfile, and for what is neither file, folder nor link
 */
export function contextEntries(context: BuildContext): ContextEntry[] {
  const { folder, dockerfile, generated = {} } = context;
  requireContext(context);
  const entries = new Map<string, ContextEntry>();
  for (const entry of walk(context, "", ignoreRules(folder, dockerfile))) entries.set(entry.path, entry);
  if (!entries.has(dockerfile)) entries.set(dockerfile, fileEntry(join(folder, dockerfile), dockerfile));
  for (const [path, text] of Object.entries(generated)) entries.set(path, { path, kind: "generated", text });
  return [...entries.values()].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function requireContext({ name, folder, dockerfile }: BuildContext): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`The build context of ${name} is ${shown(folder)}, but there is no such folder: give another.`);
  }
  if (!existsSync(join(folder, dockerfile))) {
    throw new UserError(`The build context of ${name} has no ${dockerfile} (in ${folder}): give another, or add it.`);
  }
}

function* walk(context: BuildContext, parent: string, rules: IgnoreRules): Generator<ContextEntry> {
  for (const dirent of readdirSync(join(context.folder, parent), { withFileTypes: true })) {
    const path = parent === "" ? dirent.name : `${parent}/${dirent.name}`;
    if (dirent.isDirectory()) {
      if (!rules.ignoresWhole(path)) yield* walk(context, path, rules);
      continue;
    }
    if (rules.ignores(path)) continue;
    const source = join(context.folder, path);
    if (dirent.isSymbolicLink()) yield { path, kind: "link", target: readlinkSync(source) };
    else if (dirent.isFile()) yield fileEntry(source, path);
    else {
      throw new UserError(
        `${source} is neither file, folder nor link, so ${context.name} can't be built of it: take it away, or list it in the ignore file.`,
      );
    }
  }
}

function fileEntry(source: string, path: string): ContextEntry {
  return { path, kind: "file", source, executable: (lstatSync(source).mode & 0o100) !== 0 };
}
