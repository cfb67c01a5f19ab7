import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import { sampleVariables } from "../../trial/sample-variables";

export const project = join(__dirname, "..", "..");

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

/** Variables of Terraform's environment: the sample ones, or others. */
export function tfVariables(variables: Readonly<Record<string, string>> = sampleVariables): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]));
}
