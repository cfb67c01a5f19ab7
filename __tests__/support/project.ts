import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../lib/project";
import { type RunResult, runProcess } from "../../lib/run-process";

export { project };

export type Settings = Readonly<Record<`CRUDDUR_${string}`, string>>;

/** Runs main.ts as cdktf does, into a folder of its own. */
export function synthesizeTo(outdir: string, settings: Settings = {}): Promise<RunResult> {
  mkdirSync(outdir, { recursive: true });
  return runProcess(process.execPath, [join("tools", "run.mjs"), "main.ts"], {
    cwd: project,
    environment: { ...process.env, CDKTF_OUTDIR: outdir, ...settings },
  });
}

/** The folder of a stack's synthesized file. */
export function stackFolder(outdir: string, stack: string): string {
  return join(outdir, "stacks", stack);
}
