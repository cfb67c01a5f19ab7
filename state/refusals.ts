/** States and stacks that can't be split, whatever a plan says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listed } from "../lib/listed";
import { shown, UserError } from "../lib/user-error";
import { type StateDocument, textAttribute } from "./document";
import { instanceAddress, unfinishedInstances } from "./inventory";
import type { AddressOwners, StackId } from "./split-state";

export function refuseUnfinished(document: StateDocument): void {
  const unfinished = unfinishedInstances(document).map(
    ({ resource, instance, what }) => instanceAddress(resource, instance) + (what === "deposed" ? "" : ` (${what})`),
  );
  if (unfinished.length === 0) return;
  throw new UserError(
    `The state holds unfinished objects: ${listed(unfinished)}. Apply the old module (or "terraform untaint" them) first; import anew what has no attributes.`,
  );
}

/** The account ids in the ARNs of what a state manages. */
export function accountsIn(document: StateDocument): string[] {
  const arns = document.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ instances }) => instances.map((instance) => textAttribute(instance, "arn") ?? ""));
  return [...new Set(arns.flatMap((arn) => /^arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):/.exec(arn)?.[1] ?? []))].sort();
}

export function refuseOtherAccounts(document: StateDocument, allowed: readonly string[]): void {
  const others = accountsIn(document).filter((account) => allowed.length > 0 && !allowed.includes(account));
  if (others.length === 0) return;
  throw new UserError(
    `The state is of account ${others.join(", ")}, and the setting allowedAccountIds has ${shown(allowed)}: name the right state, or fix the setting.`,
  );
}

export function refuseTransientBlocks(stack: StackId, folder: string): void {
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const found = ["moved", "import", "removed"].filter((kind) => kind in json);
  if (found.length === 0) return;
  throw new UserError(
    `The stack ${stack} has ${found.join(" and ")} blocks: remove them (additions/${stack}.ts) until the split is done.`,
  );
}

/** @param document what lies where the app's state is, after a split that has ended */
export function refusePutBack(
  document: StateDocument | undefined,
  owners: AddressOwners,
  place: string,
  run: string,
): void {
  const twice = (document?.resources ?? [])
    .filter((resource) => resource.mode === "managed" && owners.ownerOf(resource) === "network")
    .flatMap((resource) => resource.instances.map((instance) => instanceAddress(resource, instance)));
  if (twice.length === 0) return;
  throw new UserError(
    `The run ${run} has split the state, but the one at ${place} has ${listed(twice)} again: somebody has put the old one back. Put the app's newest state there again (a bucket keeps its versions); or, if nobody has applied since, go back with bin/state/rollback ${run}, and split anew.`,
  );
}
