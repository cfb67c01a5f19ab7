/** Other versions of Node than the one that runs the tests, from npm's packages. */
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { alone } from "../../lib/alone";
import { runProcess } from "../../lib/run-process";
import { project } from "./project";

/** The newest Node that is run, and the oldest that CDK Terrain's command line takes. */
export const newestNode = "26.10.0";
export const oldestNode = "20.9.0";

/** @returns the folder that goes to the front of PATH. Kept in `.cache/`. */
export async function nodeFolder(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(project, ".cache", "node", version);
  const folder = join(prefix, "node_modules", name, "bin");
  mkdirSync(prefix, { recursive: true });
  await alone(join(prefix, "installing"), async () => {
    if (existsSync(join(folder, "node"))) return;
    const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { exitCode, stderr } = await runProcess(
      "npm",
      ["install", "--prefix", prefix, ...options, `${name}@${version}`],
      { cwd: prefix, environment: process.env },
    );
    if (exitCode !== 0) throw new Error(`Node ${version} can't be installed from npm: ${stderr.trim()}`);
  });
  return folder;
}

/** The environment in which `node` is that version. */
export async function withNode(version: string): Promise<NodeJS.ProcessEnv> {
  return { ...process.env, PATH: [await nodeFolder(version), process.env.PATH].join(delimiter) };
}
