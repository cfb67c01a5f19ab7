/** Both stacks on the local AWS: synthesized, applied by the real Terraform, and planned again. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import type { Plan } from "../../terraform/plan";
import { changedOutputs, plannedChanges } from "../../terraform/plan-changes";
import { Terraform, type TerraformOptions } from "../../terraform/terraform";
import { machineAws, without } from "../aws";
import { isMotoGap, withoutMotoGaps } from "../aws/gaps";
import type { TrialPool } from "./path/user";

/** All that Terraform says, each line with its stack before it. It stays when the trial has ended. */
export class TerraformLog {
  readonly file: string;
  /** As a user in the project's folder reads it. */
  readonly name: string;

  constructor(project: string) {
    this.file = join(project, ".cache", "trial", "terraform.log");
    this.name = relative(project, this.file);
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, "", { mode: 0o600 });
  }

  add(stack: string, line: string): void {
    appendFileSync(this.file, `${stack}: ${line}\n`);
  }
}

export interface DeploymentOptions extends Pick<TerraformOptions, "environment" | "signal"> {
  /** Of the synthesized stacks. */
  readonly folder: string;
  readonly log: TerraformLog;
}

/** @throws UserError with what the synth said */
export async function synthesize(project: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, [join("tools", "run.mjs"), "main.ts"], {
    cwd: project,
    environment: { ...process.env, ...without(machineAws), NODE_NO_WARNINGS: "1", ...environment },
  });
  if (exitCode !== 0) throw new UserError(`The stacks could not be synthesized:\n${(stderr || stdout).trim()}`);
}

/** What a second plan says of a stack. */
export interface Replanned {
  readonly stack: string;
  /** Nothing changes but what moto forgets. */
  readonly clean: boolean;
  /** A line each. */
  readonly changes: readonly string[];
  readonly plan: Plan;
}

interface Waiting {
  readonly resolve: (id: string) => void;
  readonly reject: (error: Error) => void;
}

export class Deployment {
  private readonly terraform: Terraform;
  /** Waits for a resource of a type, and gets its id. */
  private readonly waiting = new Map<string, Waiting>();
  private added = 0;

  constructor(
    readonly stack: string,
    { folder, log, environment, signal }: DeploymentOptions,
  ) {
    const onLine = (line: string) => {
      log.add(stack, line);
      const [, type = "", id = ""] = /^(\w+)\.\S+: Creation complete after .*\[id=(.*)\]$/.exec(line) ?? [];
      this.waiting.get(type)?.resolve(id);
      this.added = Number(/^Apply complete! Resources: (\d+) added/.exec(line)?.[1] ?? this.added);
    };
    this.terraform = new Terraform(join(folder, "stacks", stack), { environment, onLine, signal });
  }

  init(): Promise<void> {
    return this.terraform.init();
  }

  /**
   * The id of the first resource of a type, as soon as the apply has made it.
   * @throws UserError where the apply has ended without one
   */
  idOf(type: string): Promise<string> {
    return new Promise((resolve, reject) => this.waiting.set(type, { resolve, reject }));
  }

  /** @returns how many instances it added */
  async apply(): Promise<number> {
    try {
      await this.terraform.apply();
      return this.added;
    } finally {
      for (const [type, { reject }] of this.waiting) reject(new UserError(`The stack ${this.stack} has no ${type}.`));
    }
  }

  /** What would change, but for what moto forgets. */
  async planChange(): Promise<Plan> {
    return withoutMotoGaps(await this.terraform.plan());
  }

  async planAgain(): Promise<Replanned> {
    const plan = await this.terraform.plan();
    const changes = plannedChanges(plan);
    const others = changes.filter((change) => !isMotoGap(change));
    const outputs = changedOutputs(plan);
    const lines = [
      ...others.map(
        ({ address, actions, attributes }) =>
          `${actions.join(" and ")} ${address}: ${attributes.map(({ path }) => path).join(", ")}`,
      ),
      ...(outputs.length > 0 ? [`changed outputs: ${outputs.join(", ")}`] : []),
    ];
    if (lines.length > 0) return { stack: this.stack, clean: false, changes: lines, plan };
    const forgotten = [...new Set(changes.flatMap(({ attributes }) => attributes.map(({ path }) => path)))];
    const gap = `no changes but what moto forgets of ${changes.length} services: ${forgotten.join(", ")}`;
    return { stack: this.stack, clean: true, changes: [changes.length === 0 ? "no changes" : gap], plan };
  }
}

/** The outputs as the state has them after a plan that changes none, by name. */
export function outputsOf(plan: Plan): Readonly<Record<string, unknown>> {
  const entries = Object.entries(plan.planned_values?.outputs ?? {});
  return Object.fromEntries(entries.map(([name, output]) => [name, output?.value]));
}

/** The user pool of a stack that is being applied, as soon as it is there. */
export async function deployedPool(app: Deployment, at: Pick<TrialPool, "endpoint" | "region">): Promise<TrialPool> {
  const [id, clientId] = await Promise.all([
    app.idOf("aws_cognito_user_pool"),
    app.idOf("aws_cognito_user_pool_client"),
  ]);
  return { ...at, id, clientId };
}
