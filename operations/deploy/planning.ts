/** Plans stacks in the order of their deployment, each over the outputs that those before it are going to have. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../../lib/scratch-folder";
import { UserError } from "../../lib/user-error";
import type { Plan } from "../../terraform/plan";
import { type PlanBasis, planBasis } from "../../terraform/plan-basis";
import { changedOutputs } from "../../terraform/plan-changes";
import { planDocument } from "../../terraform/plan-document";
import { planEnvironment } from "../../terraform/plan-environment";
import { plannedOutputsExpression } from "../../terraform/planned-outputs";
import { type OutputsToCome, ProvisionalFolder } from "../../terraform/provisional-folder";
import { readsOutput, remoteStatesOf, type StackFolder } from "../../terraform/remote-states";
import { Terraform, type TerraformOptions } from "../../terraform/terraform";
import { toolName } from "../../terraform/tool";
import { Initialization } from "./initialized";
import { failureOf, isOfVariables, PlanFailure } from "./plan-failure";

export interface PlannedStack extends StackFolder {
  readonly plan: Plan;
  /** What `terraform show -json` prints of it: with the values of secrets. */
  readonly json: string;
  /** Terraform's own text. */
  readonly text: string;
  /** The saved plan, which `terraform apply` takes. */
  readonly file: string;
  /** The stacks over whose planned outputs it was made: then it can't be applied. Empty where it can. */
  readonly provisionalOver: readonly string[];
}

export interface PlanningOptions {
  /** Absolute paths. */
  readonly varFiles: readonly string[];
  /** Names of variables of the environment that pass to Terraform: the setting `terraformEnvironment`. */
  readonly pass?: readonly string[];
  /** Whether the state is locked while it is read; credentials that may only read can't. @default true */
  readonly lock?: boolean;
  /** How long to wait for a lock, in Terraform's words. @default not at all */
  readonly lockTimeout?: string;
  /** Folder of the project whose lock file must name every provider. @default others are taken, too */
  readonly lockedBy?: string;
  readonly signal?: AbortSignal;
}

/** Makes plans. Saved ones lie in a folder of its own, readable by the user alone, until it is closed. */
export class Planning {
  private readonly folder = scratchFolder("plans");
  private readonly initialization: Initialization;
  private count = 0;

  constructor(private readonly options: PlanningOptions) {
    this.initialization = new Initialization(options.lockedBy);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * @param stacks in the order of their deployment
   * @throws UserError with what Terraform said of each that it could not plan
   */
  async planAll(stacks: readonly StackFolder[]): Promise<PlannedStack[]> {
    const attempts = await Promise.allSettled(stacks.map((stack) => this.plan(stack)));
    if (this.options.signal?.aborted) throw new UserError("Interrupted.");
    const planned: PlannedStack[] = [];
    const failed: StackFolder[] = [];
    const failures: unknown[] = [];
    for (const [index, stack] of stacks.entries()) {
      const attempt = attempts[index] as PromiseSettledResult<PlannedStack>;
      const over = planned.filter((other) => readsChanges(stack, other));
      try {
        if (over.length > 0) planned.push(await this.planOver(stack, over));
        else if (attempt.status === "fulfilled") planned.push(attempt.value);
        else throw attempt.reason;
      } catch (error) {
        // What is missing of a stack that could not be planned itself is no news.
        const follows = failed.some((other) => remoteStatesOf(stack, other).length > 0) && !isOfVariables(error);
        if (!follows) failures.push(error);
        failed.push(stack);
      }
    }
    if (failures.length > 0) throw failureOf(failures);
    return planned;
  }

  /** The plan of one stack, which can be applied. */
  async plan(stack: StackFolder): Promise<PlannedStack> {
    const { lock = true, lockTimeout } = this.options;
    const terraform = await this.initializedIn(stack);
    const locking = lock ? (lockTimeout === undefined ? [] : [`-lock-timeout=${lockTimeout}`]) : ["-lock=false"];
    return { ...stack, ...(await this.planIn(stack, terraform, locking)), provisionalOver: [] };
  }

  /** The plan of a stack over outputs that others are going to have. Nothing comes of it, so it takes no lock. */
  private async planOver(stack: StackFolder, others: readonly PlannedStack[]): Promise<PlannedStack> {
    const outputs = others.flatMap((other): OutputsToCome[] => {
      const expression = plannedOutputsExpression(other.plan);
      return remoteStatesOf(stack, other).map((remoteState) => ({ remoteState, expression }));
    });
    const provisional = new ProvisionalFolder(stack, outputs);
    try {
      const made = await this.planIn(stack, this.terraformIn(provisional.folder), ["-lock=false"]);
      return { ...stack, ...made, provisionalOver: others.map(({ id }) => id) };
    } finally {
      provisional.remove();
    }
  }

  private async planIn(stack: StackFolder, terraform: Terraform, args: readonly string[]) {
    const file = this.newFile(stack);
    const varFiles = this.options.varFiles.map((path) => `-var-file=${path}`);
    const {
      exitCode,
      stdout: text,
      stderr,
    } = await this.initialization.around(stack, terraform, () =>
      terraform.attempt("plan", "-input=false", "-no-color", `-out=${file}`, ...args, ...varFiles),
    );
    if (exitCode !== 0) throw new PlanFailure(stack, stderr);
    const shown = await terraform.attempt("show", "-json", "-no-color", file);
    if (shown.exitCode !== 0) throw new PlanFailure(stack, shown.stderr);
    const plan = planDocument(Buffer.from(shown.stdout), `The plan of ${stack.id}`);
    return { plan, json: shown.stdout, text, file };
  }

  /** What a plan of the stack is made with and over, as it is now. */
  async basis(stack: StackFolder): Promise<PlanBasis> {
    const terraform = await this.initializedIn(stack);
    const state = await this.initialization.around(stack, terraform, () =>
      terraform.attempt("state", "pull", "-no-color"),
    );
    const version = await terraform.attempt("version", "-json");
    const { signal } = this.options;
    if (signal?.aborted) throw new UserError("Interrupted.");
    const failed = [state, version].find(({ exitCode }) => exitCode !== 0);
    if (failed === undefined) return planBasis(version.stdout, state.stdout);
    throw new UserError(`The state of ${stack.id} can't be read. ${toolName()} says:\n${failed.stderr.trim()}`);
  }

  /**
   * A plan that was made earlier.
   * @param content in Terraform's own format
   */
  restored(
    stack: StackFolder,
    content: Uint8Array,
    made: Pick<PlannedStack, "json" | "provisionalOver">,
  ): PlannedStack {
    const file = this.newFile(stack);
    writeFileSync(file, content, { mode: 0o600 });
    const plan = planDocument(Buffer.from(made.json), `The saved plan of ${stack.id}`);
    return { ...stack, ...made, plan, text: "", file };
  }

  private newFile({ id }: StackFolder): string {
    this.count += 1;
    return join(this.folder, `${this.count}-${id}`);
  }

  private async initializedIn(stack: StackFolder): Promise<Terraform> {
    const terraform = this.terraformIn(stack.folder);
    await this.initialization.prepare(stack, terraform);
    return terraform;
  }

  private terraformIn(folder: string): Terraform {
    const { pass, signal } = this.options;
    const options: TerraformOptions = { environment: planEnvironment, pass, signal };
    return new Terraform(folder, options);
  }
}

/** Whether a stack reads outputs that another one's plan changes. */
function readsChanges(stack: StackFolder, other: PlannedStack): boolean {
  const changed = changedOutputs(other.plan);
  return changed.length > 0 && remoteStatesOf(stack, other).some((name) => readsOutput(stack, name, changed));
}
