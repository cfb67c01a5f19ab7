import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Clone {
  readonly folder: string;
  remove(): void;
}

/** Every file that git has or would take, relative to the project. */
export function projectFiles(project: string): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: project })
    .toString()
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(project, file)));
}

/** The project as a user's fresh clone has it, with its own output folders; node_modules is shared. */
export function cloneProject(project: string): Clone {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "clone-")));
  for (const file of projectFiles(project)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(project, file), join(folder, file));
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
