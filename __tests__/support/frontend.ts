import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { alone } from "../../lib/alone";
import { runProcess } from "../../lib/run-process";
import { project } from "./project";

const folder = join(project, "frontend");

/** Installs the package's own dependencies by its lock file, once for all tests, which run side by side. */
async function installFrontend(): Promise<void> {
  await alone(join(project, ".cache", "frontend.installing"), async () => {
    const installed = join(folder, "node_modules", ".package-lock.json");
    if (existsSync(installed) && statSync(installed).mtimeMs > statSync(join(folder, "package-lock.json")).mtimeMs)
      return;
    const { exitCode, stderr } = await runProcess("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
  });
}

/** A script of this folder, bundled with the frontend's own code and dependencies. */
export async function bundled(script: string, options: Pick<BuildOptions, "platform" | "define">): Promise<string> {
  await installFrontend();
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(project, "__tests__", "support", script)],
    nodePaths: [join(folder, "node_modules")],
    bundle: true,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
