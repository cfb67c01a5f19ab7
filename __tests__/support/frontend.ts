import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { alone } from "../../lib/alone";
import { runProcess } from "../../lib/run-process";
import { project } from "./project";

const folder = join(project, "frontend");

/** Installs the package's own dependencies by its lock file, once for all tests, which run side by side. */
export async function installFrontend(): Promise<void> {
  await alone(join(project, ".cache", "frontend.installing"), async () => {
    const installed = join(folder, "node_modules", ".package-lock.json");
    if (existsSync(installed) && statSync(installed).mtimeMs > statSync(join(folder, "package-lock.json")).mtimeMs)
      return;
    const { exitCode, stderr } = await runProcess("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
  });
}
