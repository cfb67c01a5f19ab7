/** Folders for as long as a command runs. Those of commands that were killed are swept by the next one. */
import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { startOf } from "./process-identity";
import { shown, UserError } from "./user-error";

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** Where a process's number means this process: another container may share the folder. */
function place(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Not Linux.
  }
  return digest(`${hostname()} ${namespace}`);
}

const pattern = /^\.?cruddur-[a-z-]+-([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-.{6}$/;

const swept = new Set<string>();

/** Takes away what killed commands of this user have left. */
function sweep(parent: string): void {
  if (swept.has(parent)) return;
  swept.add(parent);
  const here = place();
  for (const name of readdirSync(parent)) {
    const [, of, pid, start] = pattern.exec(name) ?? [];
    if (of !== here || startDigest(Number(pid)) === start) continue;
    try {
      if (lstatSync(join(parent, name)).uid === process.getuid?.()) rmSync(join(parent, name), { recursive: true });
    } catch {
      // Another process sweeps, too.
    }
  }
}

function startDigest(pid: number): string | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : digest(start);
}

/**
 * Makes a folder that the user alone can read. Whoever makes it removes it.
 * @param name what it is for, in small letters and hyphens
 * @param parent @default the system's folder for temporary files
 * @throws UserError where none can be made
 */
export function scratchFolder(name: string, parent = tmpdir()): string {
  try {
    sweep(parent);
    // Hidden where others list the folder.
    const dot = parent === tmpdir() ? "" : ".";
    const own = [`${dot}cruddur`, name, place(), process.pid, startDigest(process.pid), ""].join("-");
    return mkdtempSync(join(parent, own));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = reasons[code];
    if (reason === undefined) throw error;
    const advice =
      parent === tmpdir()
        ? "set TMPDIR to a folder with room that you can write to"
        : "make room, or use another folder";
    throw new UserError(`No temporary folder can be made in ${shown(parent)}: ${reason}: ${advice}.`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it isn't there",
  ENOTDIR: "it is no folder",
  ENOSPC: "there is no space left",
  EDQUOT: "there is no space left in the quota",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the file system is read-only",
};
