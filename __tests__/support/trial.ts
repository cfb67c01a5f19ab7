/** `npm run trial` on a user's clone. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Clone } from "../../tools/clone-project";

/** A PATH on which no moto_server is, so that the trial installs its own. */
export function pathWithoutMoto(clone: Clone): string {
  const bin = join(clone.folder, ".cache", "bin");
  mkdirSync(bin, { recursive: true });
  const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"]).toString().trim();
  symlinkSync(python, join(bin, "python3"));
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [bin, ...folders.filter((folder) => !existsSync(join(folder, "moto_server")))].join(delimiter);
}

/** A PATH on which moto_server is there, and fails when it should serve. */
export function pathWithBrokenMoto(clone: Clone): string {
  const bin = join(clone.folder, ".cache", "broken-bin");
  mkdirSync(bin, { recursive: true });
  const script = '#!/bin/sh\n[ "$1" = --help ] && exit 0\necho "no port today" >&2\nexit 3\n';
  writeFileSync(join(bin, "moto_server"), script, { mode: 0o755 });
  return [bin, process.env.PATH].join(delimiter);
}

export function startTrial(
  clone: Clone,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): { child: ChildProcess; said: () => string } {
  const child = spawn("npm", ["run", "trial", "--", ...args], {
    cwd: clone.folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text += chunk;
    });
  }
  return { child, said: () => text };
}

export const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });
