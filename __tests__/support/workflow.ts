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

export interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** @param name of the file, without its ending */
export function workflowFileOf(name: string): string {
  return join(project, ".github", "workflows", `${name}.yml`);
}

export function workflowOf(name: string): Workflow {
  return parse(readFileSync(workflowFileOf(name), "utf8"));
}

/** What a step of a job runs. */
export function stepOf(name: string, job: string, title: string): string {
  const found = workflowOf(name).jobs[job]?.steps.find((one) => one.name === title)?.run;
  if (found === undefined) throw new Error(`The job ${job} of ${name} has no step ${title}`);
  return found;
}

export const workflowFile = workflowFileOf("deploy");

export function step(job: string, title: string): string {
  return stepOf("deploy", job, title);
}
