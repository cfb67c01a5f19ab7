import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { project } from "./project";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export const workflowFile = join(project, ".github", "workflows", "deploy.yml");
export const workflowText = readFileSync(workflowFile, "utf8");
export const workflow: { readonly permissions: object; readonly jobs: Readonly<Record<string, Job>> } =
  parse(workflowText);

export function step(job: string, name: string): string {
  const found = workflow.jobs[job]?.steps.find((one) => one.name === name)?.run;
  if (found === undefined) throw new Error(`The job ${job} has no step ${name}`);
  return found;
}
