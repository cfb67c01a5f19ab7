/** A context as a folder of its own that holds exactly what was hashed, whatever an engine thinks of ignore files. */
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
import { dirname, join, relative } from "node:path";
import { UserError } from "../lib/user-error";
import { contentHash } from "./content-hash";
import { type BuildContext, contextEntries } from "./context";
import { ignoreFileOf } from "./ignore-rules";

export interface StagedContext {
  readonly context: BuildContext;
  readonly platform: string;
  /** What it was hashed to. */
  readonly content: string;
}

/** The name of the folder that a context is staged in. */
export function stagedName({ repository, content }: { readonly repository: string; readonly content: string }): string {
  return `${repository}-${content.slice(0, 16)}`;
}

/**
 * Copies a context, whole or not at all. Modes become 755 and 644, so that the image doesn't depend on the umask of who
 * builds it. A folder that is there already is of the same content and is left alone, when its name has the hash.
 * @throws UserError where the context is another by now than the hash says
 */
export function stageContext({ context, platform, content }: StagedContext, folder: string): void {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const entries = contextEntries(context);
    for (const entry of entries) {
      const file = join(unfinished, entry.path);
      mkdirSync(dirname(file), { recursive: true });
      if (entry.kind === "link") symlinkSync(entry.target, file);
      else if (entry.kind === "generated") writeFileSync(file, entry.text);
      else copyFileSync(entry.source, file, constants.COPYFILE_FICLONE);
      if (entry.kind !== "link") chmodSync(file, entry.kind === "file" && entry.executable ? 0o755 : 0o644);
    }
    const copied = entries.map((entry) =>
      entry.kind === "file" ? { ...entry, source: join(unfinished, entry.path) } : entry,
    );
    if (contentHash(copied, context.dockerfile, platform) !== content) {
      throw new UserError(
        `The build context of ${context.name} changed while it was read (${context.folder}): try again.`,
      );
    }
    keepIgnoreFile(context, unfinished);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * The rules, for the engine: what is ignored and yet sent, as the Dockerfile may be, it keeps out of the image by them.
 * Engines without BuildKit know .dockerignore in the root alone; there they find what DOCKERFILE.dockerignore says.
 */
function keepIgnoreFile({ folder, dockerfile }: BuildContext, staged: string): void {
  const rules = ignoreFileOf(folder, dockerfile);
  if (rules === undefined) return;
  for (const file of [join(staged, relative(folder, rules)), join(staged, ".dockerignore")]) {
    if (!existsSync(file)) copyFileSync(rules, file);
  }
}
