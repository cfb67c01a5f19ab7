/**
 * Plans saved for an apply later on, in one sealed file: they hold the values of secrets. Each is bound to the commit, to the stack
 * as it was synthesized, to the tool and its providers, and to the state that it was made over.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { runProcess } from "../../lib/run-process";
import { isOfKind, sealed, unsealed } from "../../lib/sealed";
import { shown, UserError } from "../../lib/user-error";
import { writeWhole } from "../../lib/write-whole";
import { movedSince, type PlanBasis } from "../../terraform/plan-basis";
import { type StackFolder, synthesizedFileName } from "../../terraform/remote-states";
import type { PlannedStack } from "./planning";

/** The variable of the environment that has the key. */
export const savedPlanKey = "SAVED_PLAN_KEY";

/** First line of the file. Another number for another shape of what is in it. */
const kind = "cruddur saved plans 1";

export interface SavedStack extends Pick<PlannedStack, "id" | "json" | "provisionalOver"> {
  /** Content of the saved plan in Terraform's own format, in base64. */
  readonly plan: string;
  /** SHA-256 of the synthesized stack. */
  readonly configuration: string;
  readonly basis: PlanBasis;
}

export interface SavedPlans {
  /** Null outside of git. */
  readonly commit: string | null;
  readonly stacks: readonly SavedStack[];
}

/** @returns null outside of a git repository, or before its first commit */
export async function currentCommit(folder: string): Promise<string | null> {
  const options = { cwd: folder, environment: process.env };
  const { exitCode, stdout } = await runProcess("git", ["rev-parse", "--verify", "--quiet", "HEAD"], options);
  return exitCode === 0 ? stdout.trim() : null;
}

function configurationOf({ folder }: StackFolder): string {
  return createHash("sha256")
    .update(readFileSync(join(folder, synthesizedFileName)))
    .digest("hex");
}

/** @param bases of the stacks, in their order, as they were before the plans were made */
export function savedStacks(stacks: readonly PlannedStack[], bases: readonly PlanBasis[]): SavedStack[] {
  return stacks.map(({ id, folder, json, provisionalOver, file }, index) => ({
    ...{ id, json, provisionalOver, basis: bases[index] as PlanBasis },
    plan: readFileSync(file).toString("base64"),
    configuration: configurationOf({ id, folder }),
  }));
}

export function savePlans(file: string, plans: SavedPlans, key: Uint8Array): void {
  writeWhole(file, sealed(gzipSync(JSON.stringify(plans)), key, kind));
}

/**
 * @param file as the user called it
 * @throws UserError for what is no such file, and where the key doesn't open it
 */
export function openPlans(file: string, content: Uint8Array, key: Uint8Array): SavedPlans {
  if (!isOfKind(content, kind)) {
    throw new UserError(`${file} holds no saved plans: give a file that --save has written.`);
  }
  const opened = unsealed(content, key, kind);
  if (opened !== undefined) return JSON.parse(gunzipSync(opened).toString());
  throw new UserError(
    `${file} can't be opened: either ${savedPlanKey} isn't the key that it was saved with, or the file was changed or cut since.`,
  );
}

/** @throws UserError where plans were made of another commit */
export function refuseOtherCommit(file: string, { commit: then }: SavedPlans, now: string | null): void {
  if (then === now) return;
  const [was, is] = [then, now].map((commit) => (commit === null ? "no commit" : `the commit ${shown(commit)}`));
  throw new UserError(`${file} was planned at ${was}, and this is ${is}: ${planAnew}.`);
}

/**
 * @param stacks in the order of the saved ones, as they are synthesized now, with what a plan of them would be made over
 * @throws UserError with everything that has moved
 */
export function refuseMoved(
  file: string,
  { stacks: saved }: SavedPlans,
  stacks: readonly (StackFolder & { readonly basis: PlanBasis })[],
): void {
  const moved = saved.flatMap(({ id, configuration, basis }, index) => {
    const now = stacks[index] as StackFolder & { readonly basis: PlanBasis };
    const configured = configurationOf(now) === configuration ? [] : [`the settings or sources make another ${id}`];
    return [...configured, ...movedSince(basis, now.basis, id)];
  });
  if (moved.length > 0) throw new UserError(`${file} can't be applied any more: ${moved.join("; ")}: ${planAnew}.`);
}

const planAnew = "plan anew with --save";
