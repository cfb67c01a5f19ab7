/** States and stacks that can't be parted, whatever a plan says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listed } from "../lib/listed";
import { shown, UserError } from "../lib/user-error";
import type { StateDocument } from "./document";
import { instanceAddress, unfinishedInstances } from "./inventory";
import type { StackId } from "./parting";

export function refuseUnfinished(document: StateDocument): void {
  const unfinished = unfinishedInstances(document).map(
    ({ resource, instance }) =>
      instanceAddress(resource, instance) + (instance.status === "tainted" ? " (tainted)" : ""),
  );
  if (unfinished.length === 0) return;
  throw new UserError(
    `The state holds unfinished objects: ${listed(unfinished)}. Apply the old module (or "terraform untaint" them) first.`,
  );
}

/** The account ids in the ARNs of what a state manages. */
export function accountsIn(document: StateDocument): string[] {
  const arns = document.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes?.arn ?? "")));
  return [...new Set(arns.flatMap((arn) => /^arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):/.exec(arn)?.[1] ?? []))].sort();
}

export function refuseOtherAccounts(document: StateDocument, allowed: readonly string[]): void {
  const others = accountsIn(document).filter((account) => allowed.length > 0 && !allowed.includes(account));
  if (others.length === 0) return;
  throw new UserError(
    `The state is of account ${others.join(", ")}, and the setting allowedAccountIds has ${shown(allowed)}: name the right state, or mend the setting.`,
  );
}

export function refuseTransientBlocks(stack: StackId, folder: string): void {
  const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  const found = ["moved", "import", "removed"].filter((kind) => kind in json);
  if (found.length === 0) return;
  throw new UserError(
    `The stack ${stack} has ${found.join(" and ")} blocks: take them out (additions/${stack}.ts) until the split is done.`,
  );
}
