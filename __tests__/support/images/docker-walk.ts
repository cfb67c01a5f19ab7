/** Docker's own walk over build contexts (tools/docker-walk), built once by Go. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { alone } from "../../../lib/alone";
import { runProcess } from "../../../lib/run-process";
import { goCommand } from "../../../local/collector/binary";
import { project } from "../project";

const sources = join(project, "tools", "docker-walk");

/** A folder with its ignore file, or patterns as they are and a path. */
export type Asked =
  | { readonly folder: string; readonly ignoreFile: string }
  | { readonly patterns: readonly string[]; readonly path: string };

export interface WalkedEntry {
  /** Bytes in base64. */
  readonly path: string;
  readonly kind: "file" | "executable" | "link" | "folder";
  readonly target?: string;
}

export interface Answer {
  readonly entries?: readonly WalkedEntry[];
  readonly ignored: boolean;
  /** Docker refuses. */
  readonly error?: string;
}

export interface DockerWalk {
  ask(cases: readonly Asked[]): Promise<Answer[]>;
  /** The folder with a module's sources. */
  moduleFolder(name: string): Promise<string>;
}

export async function dockerWalk(): Promise<DockerWalk> {
  const go = await goCommand(project, () => {});
  const files = ["go.mod", "go.sum", "main.go"].map((name) => readFileSync(join(sources, name)));
  const hash = createHash("sha256").update(Buffer.concat(files)).digest("hex").slice(0, 12);
  const folder = join(project, ".cache", "docker-walk");
  mkdirSync(folder, { recursive: true });
  const command = join(folder, hash);
  const run = async (args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await runProcess(go, args, { cwd: sources });
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  await alone(`${command}.building`, async () => {
    if (!existsSync(command)) await run(["build", "-o", command, "."]);
  });
  return {
    ask: async (cases) => {
      const input = cases.map((one) => `${JSON.stringify(one)}\n`).join("");
      const { exitCode, stdout, stderr } = await runProcess(command, [], { input });
      if (exitCode !== 0) throw new Error(stderr);
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    },
    moduleFolder: (name) => run(["list", "-m", "-f", "{{.Dir}}", name]),
  };
}
