/** Deploys stacks: what is applied is the very plan that was shown, and agreed to. */
import { UserError } from "../../lib/user-error";
import { Terraform } from "../../terraform/terraform";
import { toolName } from "../../terraform/tool";
import type { Explanation } from "../explain/explained";
import { differencesFrom } from "./comparison";
import { destructionRefusal, notAllowed } from "./destruction";
import { explained } from "./explained";
import type { PlannedStack, Planning, PlanningOptions } from "./planning";

export interface Hooks {
  /** Shows what plans would do, before anything is asked or done. */
  readonly show: (explanation: Explanation, stacks: readonly PlannedStack[]) => void | Promise<void>;
  /** @returns whether to go on */
  readonly ask: (question: string) => Promise<boolean>;
  readonly report: (line: string) => void;
}

export interface DeployOptions extends Hooks {
  readonly planning: PlanningOptions;
  /** Named in each question. @default the default one, which has no name */
  readonly environment?: string;
  /** Ends before anything is asked or applied. */
  readonly planOnly: boolean;
  /** The plans as they are were approved: where one of them is made again and differs, it isn't asked for but left. */
  readonly isApproved?: boolean;
  /** Addresses of what may be destroyed or replaced. */
  readonly allowDestroy: readonly string[];
}

export interface Deployed {
  /** `done`: nothing is left to do. `destroys`: stopped, for `refusal` says what. `declined`: planned, and not applied. */
  readonly outcome: "done" | "declined" | "destroys";
  /** The ids of the stacks that were applied. */
  readonly applied: readonly string[];
  readonly refusal?: string;
  /** The last plan of each stack. */
  readonly stacks: readonly PlannedStack[];
}

/** The provider of a resource that takes minutes gets all the time it needs to write down what it has made. */
const applyGraceMs = 10 * 60_000;

const progress = /^(\S+: (Creating|Modifying|Destroying|Still |Creation |Modifications |Destruction )|Apply complete)/;

export class Deployment {
  private readonly applied: string[] = [];

  constructor(
    private readonly planning: Planning,
    private readonly options: DeployOptions,
  ) {}

  /** @param stacks as they are planned, in the order of their deployment */
  async deploy(stacks: readonly PlannedStack[]): Promise<Deployed> {
    const { planOnly, show } = this.options;
    const all = explained(stacks);
    await show(all, stacks);
    if (all.exitCode === 0) return this.ended("done", stacks);
    const refusal = this.refusalOf(all);
    if (refusal !== undefined) return { ...this.ended("destroys", stacks), refusal };
    if (planOnly) return this.ended("declined", stacks);
    const changed = stacks.filter((stack) => explained([stack]).exitCode !== 0).map(({ id }) => id);
    if (!(await this.agreed(`Apply ${changed.join(", then ")}`))) return this.ended("declined", stacks);
    const done: PlannedStack[] = [];
    for (const stack of stacks) {
      const now = stack.provisionalOver.length === 0 ? stack : await this.planAgain(stack);
      done.push(now);
      const explanation = explained([now]);
      if (explanation.exitCode === 0) continue;
      const stop = now === stack ? undefined : await this.stopBefore(now, explanation, stack);
      if (stop !== undefined) return { ...this.ended(stop.outcome, [...done, ...stacks.slice(done.length)]), ...stop };
      await this.apply(now);
    }
    return this.ended("done", done);
  }

  private ended(outcome: Deployed["outcome"], stacks: readonly PlannedStack[]): Deployed {
    return { outcome, applied: this.applied, stacks };
  }

  private async planAgain({ id, folder }: PlannedStack): Promise<PlannedStack> {
    this.options.report(`Planning ${id} again`);
    try {
      return await this.planning.plan({ id, folder });
    } finally {
      this.endIfInterrupted();
    }
  }

  /** What keeps a plan from being applied that was provisional when it was agreed to. */
  private async stopBefore(
    now: PlannedStack,
    explanation: Explanation,
    shown: PlannedStack,
  ): Promise<Pick<Deployed, "outcome" | "refusal"> | undefined> {
    const { isApproved, show, report } = this.options;
    const differences = differencesFrom(shown.plan, now.plan);
    const refusal = this.refusalOf(explanation);
    if (differences.length === 0 && refusal === undefined) {
      report(`The plan of ${now.id} is what was shown`);
      return undefined;
    }
    await show(explanation, [now]);
    if (refusal !== undefined) return { outcome: "destroys", refusal };
    report(`The plan of ${now.id} differs from the one that was shown: ${differences.join(", ")}`);
    if (isApproved) {
      report(`${this.soFar()} ${now.id} is left: plan it anew, and have that plan approved`);
      return { outcome: "declined" };
    }
    return (await this.agreed(`Apply ${now.id}`)) ? undefined : { outcome: "declined" };
  }

  private refusalOf(explanation: Explanation): string | undefined {
    const { allowDestroy } = this.options;
    const addresses = notAllowed(explanation, allowDestroy);
    if (addresses.length === 0) return undefined;
    return `${this.soFar()} ${destructionRefusal(addresses, explanation, allowDestroy)}`;
  }

  private soFar(): string {
    return this.applied.length === 0 ? "Nothing is applied." : `${this.applied.join(" and ")} is applied.`;
  }

  private async agreed(what: string): Promise<boolean> {
    const { environment } = this.options;
    const yes = await this.options.ask(environment === undefined ? `${what}?` : `${what} of ${environment}?`);
    this.endIfInterrupted();
    return yes;
  }

  private async apply({ id, folder, file }: PlannedStack): Promise<void> {
    const { planning, report } = this.options;
    const { pass, signal, lockTimeout } = planning;
    const onLine = (line: string) => {
      if (progress.test(line)) report(`  ${line}`);
    };
    report(`Applying ${id}`);
    const terraform = new Terraform(folder, { pass, signal, onLine, graceMs: applyGraceMs });
    const waiting = lockTimeout === undefined ? [] : [`-lock-timeout=${lockTimeout}`];
    const { exitCode, stderr } = await terraform.attempt("apply", "-input=false", "-no-color", ...waiting, file);
    if (exitCode === 0) {
      this.applied.push(id);
      this.endIfInterrupted();
      return;
    }
    const onward = `What was made of ${id} is in its state: fix the cause and deploy again to go on from there.`;
    throw new UserError(
      `The apply of ${id} ${signal?.aborted ? "was interrupted" : "failed"}. ${this.soFar()} ${onward} ${toolName()} says:\n${stderr.trim()}`,
    );
  }

  private endIfInterrupted(): void {
    if (this.options.planning.signal?.aborted) throw new UserError(`Interrupted. ${this.soFar()}`);
  }
}
