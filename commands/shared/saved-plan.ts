/** `--save` and `--saved`: plans that are made now and applied later, after somebody's approval. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { fromCaller, project } from "../../lib/project";
import { report } from "../../lib/report";
import { sealingKey } from "../../lib/sealed";
import { shown, UserError } from "../../lib/user-error";
import type { PlannedStack, Planning } from "../../operations/deploy/planning";
import {
  currentCommit,
  openPlans,
  refuseMoved,
  refuseOtherCommit,
  type SavedPlans,
  savedPlanKey,
  savedStacks,
  savePlans,
} from "../../operations/deploy/saved-plans";
import type { StackFolder } from "../../terraform/remote-states";

export interface SavedPlanOptions {
  readonly planOnly: boolean;
  readonly save?: string;
  readonly saved?: string;
}

export function withSavedPlan(command: Command): Command {
  return command
    .option("--save <file>", `with --plan-only: keep the plans for --saved, encrypted with the key in ${savedPlanKey}`)
    .option(
      "--saved <file>",
      "apply the plans that --save has kept, and no others; refused where anything has moved since",
    );
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * @param names of the stacks that are given
 * @returns the plans that are saved, where they are asked for. @throws UserError before minutes are spent on a plan
 */
export async function requireSaved(
  { planOnly, save, saved }: SavedPlanOptions,
  names: readonly string[],
): Promise<SavedPlans | undefined> {
  if (save !== undefined && saved !== undefined) {
    throw new UserError("--save and --saved are both given: give one of them.");
  }
  if (save !== undefined) {
    if (!planOnly) throw new UserError("--save is given without --plan-only: give both, and apply with --saved.");
    sealingKey(savedPlanKey);
    const file = fromCaller(save);
    if (isFolder(file)) throw new UserError(`--save is ${shown(save)}, which is a folder: give a file.`);
    if (!isFolder(dirname(file))) {
      throw new UserError(
        `--save is ${shown(save)}, but there is no folder ${dirname(file)}: make it, or give another file.`,
      );
    }
  }
  if (saved === undefined) return undefined;
  if (names.length > 0) {
    throw new UserError(`--saved has its own stacks: leave out ${names.join(" and ")}.`);
  }
  const file = fromCaller(saved);
  if (!existsSync(file) || isFolder(file))
    throw new UserError(`--saved is ${shown(saved)}, but there is no such file.`);
  const plans = openPlans(saved, readFileSync(file), sealingKey(savedPlanKey));
  refuseOtherCommit(saved, plans, await currentCommit(project));
  return plans;
}

/** Plans the stacks, and keeps the plans where `--save` asks for it. */
export async function planAndSave(
  { save }: SavedPlanOptions,
  planning: Planning,
  stacks: readonly StackFolder[],
): Promise<PlannedStack[]> {
  if (save === undefined) return planning.planAll(stacks);
  // What moves from here on is found at the apply.
  const commit = await currentCommit(project);
  const bases = await Promise.all(stacks.map((stack) => planning.basis(stack)));
  const planned = await planning.planAll(stacks);
  savePlans(fromCaller(save), { commit, stacks: savedStacks(planned, bases) }, sealingKey(savedPlanKey));
  report(`Written: ${save}`);
  return planned;
}

/** The saved plans, unless something has moved since. */
export async function savedPlans(
  { saved = "" }: SavedPlanOptions,
  plans: SavedPlans,
  planning: Planning,
  stacks: readonly StackFolder[],
): Promise<PlannedStack[]> {
  const now = await Promise.all(stacks.map(async (stack) => ({ ...stack, basis: await planning.basis(stack) })));
  refuseMoved(saved, plans, now);
  return plans.stacks.map(({ plan, json, provisionalOver }, index) =>
    planning.restored(stacks[index] as StackFolder, Buffer.from(plan, "base64"), { json, provisionalOver }),
  );
}
