/** A context as a folder of its own that holds exactly what was hashed, and from which an engine takes all of it. */
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, posix } from "node:path";
import { UserError } from "../lib/user-error";
import { contentHash } from "./content-hash";
import { type BuildContext, type ContextEntry, contextEntries } from "./context";
import { pathBytes } from "./path-text";
import { type IgnoreReader, ownIgnoreFiles } from "./staged-ignore-file";

export interface StagedContext {
  readonly context: BuildContext;
  readonly platform: string;
  /** What it was hashed to. */
  readonly content: string;
}

/** The name of the folder that a context is staged in. A repository's may be a path. */
export function stagedName({ repository, content }: { readonly repository: string; readonly content: string }): string {
  return `${repository.replaceAll("/", "+")}-${content.slice(0, 16)}`;
}

/** Whether a folder holds an older context of the image, or one that was never finished. */
export function isOlderStage(name: string, image: { readonly repository: string; readonly content: string }): boolean {
  const own = stagedName(image);
  const prefix = own.slice(0, -17);
  return name !== own && name.replace(/-[0-9a-f]{16}(\.\d+)?$/, "") === prefix;
}

/**
 * Copies a context, whole or not at all. Modes become 755 and 644, so that the image doesn't depend on the umask of who
 * builds it. A folder that is there already is of the same content and is left alone, when its name has the hash.
 * @throws UserError where the context is another by now than the hash says
 */
export function stageContext(
  { context, platform, content }: StagedContext,
  folder: string,
  reader: IgnoreReader = "buildkit",
): void {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const entries = contextEntries(context);
    makeFolder(unfinished, "");
    for (const entry of entries) copy(entry, unfinished);
    const copied = entries.map((entry) =>
      entry.kind === "file" ? { ...entry, source: join(unfinished, entry.path) } : entry,
    );
    if (contentHash(copied, context.dockerfile, platform) !== content) {
      throw new UserError(
        `The build context of ${context.name} changed while it was read (${context.folder}): try again.`,
      );
    }
    for (const { path, text } of ownIgnoreFiles(context, entries, reader)) writeFileSync(join(unfinished, path), text);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function copy(entry: ContextEntry, root: string): void {
  const file = pathBytes(join(root, entry.path));
  makeFolder(root, entry.kind === "folder" ? entry.path : posix.dirname(entry.path));
  if (entry.kind === "link") symlinkSync(pathBytes(entry.target), file);
  else if (entry.kind === "generated") writeFileSync(file, entry.text);
  else if (entry.kind === "file") copyFileSync(pathBytes(entry.source), file, constants.COPYFILE_FICLONE);
  if (entry.kind === "file" || entry.kind === "generated") {
    chmodSync(file, entry.kind === "file" && entry.executable ? 0o755 : 0o644);
  }
}

/** With all above it, each of mode 755. */
function makeFolder(root: string, path: string): void {
  const folder = pathBytes(join(root, path));
  if (existsSync(folder)) return;
  if (path !== "") makeFolder(root, posix.dirname(path) === "." ? "" : posix.dirname(path));
  mkdirSync(folder, { recursive: path === "" });
  chmodSync(folder, 0o755);
}
