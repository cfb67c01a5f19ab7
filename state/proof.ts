/**
 * Plans over copies: what Terraform and the real provider would do with states, without the states. Nothing is applied,
 * and nothing is written outside of the proof's own folder.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../settings/schema";
import { synthesizeStacks } from "../stacks/synthesize";
import { withoutKeys } from "../terraform/address";
import type { Plan, PlannedOutput } from "../terraform/plan";
import { plannedChanges, type ResourceChange } from "../terraform/plan-changes";
import { planEnvironment } from "../terraform/plan-environment";
import { pluginCache } from "../terraform/plugin-cache";
import { Terraform } from "../terraform/terraform";
import { linkVariableFiles } from "../terraform/variable-files";
import { type StateDocument, serializeState } from "./document";
import { mirrorModule } from "./mirror";
import type { StackId } from "./split-state";

export interface ProofOptions {
  /** The project's folder. */
  readonly project: string;
  readonly settings: Settings;
  /** Of the proof's own, for copies of states: readable by the user alone. Made anew, and removed by `remove`. */
  readonly folder: string;
  /** Absolute paths. */
  readonly varFiles: readonly string[];
  /** The module whose own variable files count for the stacks too, before `varFiles`. @default none */
  readonly variablesFrom?: string;
  /** The old module's workspace. @default the first one */
  readonly workspace?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

export class Proof {
  private readonly folders = new Map<string, string>();
  private readonly initialized = new Set<string>();

  constructor(private readonly options: ProofOptions) {
    const { project, settings, folder, variablesFrom } = options;
    // A proof that was killed has left its copies.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const local: Settings = {
      ...settings,
      // It keeps no plan from being made that shows what would be lost.
      preventDestroy: false,
      backend: { ...settings.backend, type: "local", directory: folder },
    };
    for (const stack of synthesizeStacks(project, local, join(folder, "cdktf.out"))) {
      this.folders.set(stack.id, stack.folder);
      if (variablesFrom !== undefined) linkVariableFiles(variablesFrom, stack.folder);
    }
  }

  /** The folder of a stack's synthesized file. */
  stackFolder(stack: StackId): string {
    return this.folders.get(stack) ?? "";
  }

  /** The plan of a stack over a state. The app's reads the outputs of the network's state that was put here last. */
  async plan(stack: StackId, state: StateDocument): Promise<Plan> {
    this.put(stack, state);
    return this.planIn(this.stackFolder(stack));
  }

  /** Puts a state where the stacks' copies look for it. */
  put(stack: StackId, state: StateDocument): void {
    writeFileSync(join(this.options.folder, `terraform.${stack}.tfstate`), serializeState(state), { mode: 0o600 });
  }

  /** The plan of the old module over its state, on the provider that the stacks have. */
  async planOldModule(module: string, state: StateDocument): Promise<Plan> {
    const { project, settings, folder, workspace } = this.options;
    const mirror = mirrorModule(module, join(folder, "old"), { project, settings, workspace });
    writeFileSync(mirror.statePath, serializeState(state), { mode: 0o600 });
    return this.planIn(mirror.folder, workspace === undefined ? {} : { TF_WORKSPACE: workspace });
  }

  remove(): void {
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private async planIn(folder: string, further: NodeJS.ProcessEnv = {}): Promise<Plan> {
    const { project, settings, varFiles, environment, signal } = this.options;
    const terraform = new Terraform(folder, {
      pass: settings.terraformEnvironment,
      environment: { ...planEnvironment, TF_PLUGIN_CACHE_DIR: pluginCache(project), ...further, ...environment },
      signal,
    });
    if (!this.initialized.has(folder)) await terraform.init();
    this.initialized.add(folder);
    return terraform.plan({ args: varFiles.map((file) => `-var-file=${file}`) });
  }
}

/** The outputs that a plan would write, as a state holds them; those that are not known yet are left out. */
export function plannedOutputs(plan: Plan): Record<string, unknown> {
  const known = Object.entries(plan.planned_values?.outputs ?? {}).filter(([, { type }]) => type !== undefined);
  return Object.fromEntries(known.map(([name, output]) => [name, outputInState(output)]));
}

function outputInState({ value, type, sensitive }: PlannedOutput): Record<string, unknown> {
  return { value: value ?? null, type, ...(sensitive && { sensitive }) };
}

/** Changes that the stacks plan and the old module doesn't. Without its plan: all of them. */
export function unexpectedChanges(plans: readonly Plan[], old?: Plan): ResourceChange[] {
  const expected = new Set((old === undefined ? [] : plannedChanges(old)).map((change) => JSON.stringify(change)));
  return plans.flatMap(plannedChanges).filter((change) => !expected.has(JSON.stringify(change)));
}

/** A move, import or removal from the state that a plan would still carry out. */
export interface PendingMove {
  readonly address: string;
  /** Of a move: the address that the state has. */
  readonly from?: string;
  readonly what: "move" | "import" | "forget";
}

/**
 * What a plan would move, import or forget. Blocks that were applied long ago do nothing, and don't count. In the old module
 * neither does what Terraform moves by itself where a `count` comes or goes: the stacks' own plans tell whether that matters.
 */
export function pendingMoves(plan: Plan, whose: "stack" | "old module" = "stack"): PendingMove[] {
  return (plan.resource_changes ?? []).flatMap(({ address, previous_address: from, change }): PendingMove[] => {
    const isImplicit = from != null && whose === "old module" && withoutKeys(from) === withoutKeys(address);
    if (from != null && from !== address && !isImplicit) return [{ address, from, what: "move" }];
    if (change.importing != null) return [{ address, what: "import" }];
    return change.actions.includes("forget") ? [{ address, what: "forget" }] : [];
  });
}
