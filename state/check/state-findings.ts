/** Objects of the state that lie elsewhere or are unfinished; `planned-findings.ts` has what plans tell. */
import { parseAddress } from "../../terraform/address";
import { toolName } from "../../terraform/tool";
import { isEmptyState, type StateDocument } from "../document";
import { instanceAddress, managedInstances, unfinishedInstances } from "../inventory";
import { type AddressOwners, type StackId, stackIds } from "../split-state";
import { blockOf, type Finding, type FindingContext, finding } from "./finding";
import type { Relocation } from "./relocations";
import { betweenStates, type OwnStates, type StateAccess, stateCommand } from "./state-command";

/** Objects in the wrong state, or in both: a split that is not finished. */
export function strayFindings(
  { network, app }: Partial<Record<StackId, StateDocument>>,
  owners: AddressOwners,
  files: OwnStates,
  context: FindingContext,
): Finding[] {
  if (network === undefined || app === undefined || isEmptyState(network)) return [];
  const lies = { network: managedInstances(network), app: managedInstances(app) };
  const inNetwork = new Set(lies.network.map(({ address }) => address));
  return stackIds.flatMap((stack) =>
    lies[stack].flatMap(({ resource, address }) => {
      const owner = owners.ownerOf(resource);
      if (owner === undefined || owner === stack) return [];
      const twice = stack === "app" && inNetwork.has(address);
      return [
        finding(context, {
          kind: twice ? "duplicate" : "misplaced",
          address,
          stack: owner,
          consequence: `${stack} would destroy it, as ${owner} declares it`,
          detail: twice ? "in both states" : `in the state of ${stack}`,
          where: twice
            ? "a split that was interrupted: bin/state/resume or bin/state/rollback, with its run"
            : "both states, while nobody applies: the stack that declares it now is another one",
          lines: twice ? [] : betweenStates(stack, owner, address, files),
        }),
      ];
    }),
  );
}

/** What the state has at another address than the stacks. Everything else is told as if it were moved already. */
export function relocationFindings(
  relocations: readonly Relocation[],
  owners: ReadonlyMap<string, StackId>,
  access: StateAccess,
  context: FindingContext,
): Finding[] {
  const words = { module: "in a module", name: "under another name", key: "with another key" };
  return relocations.map(({ from, to, why }) =>
    finding(context, {
      kind: why === "key" ? "instance key" : "address",
      address: to,
      stack: owners.get(to) ?? null,
      consequence: `${toolName()} would destroy or move it`,
      detail: `the state has it ${words[why]}: ${from}`,
      where: "the old state, right before the split",
      lines: [stateCommand(access, "mv", from, to)],
      oldModule: sourceOf(from, why, context),
    }),
  );
}

/** Where the old module says so: its `count` or `for_each`, or its block. */
function sourceOf(from: string, why: Relocation["why"], context: FindingContext): string | null {
  const block = blockOf(from, context);
  const { source } = context;
  const address = parseAddress(from);
  if (why !== "key" || address === undefined) return block;
  for (const name of ["count", "for_each"]) {
    const found = source.argument(address, [name]);
    if (found?.value !== undefined)
      return `${found.file}:${found.line} says ${name} = ${found.value.text.split("\n")[0]}`;
  }
  return block;
}

export function unfinishedFindings(
  whole: StateDocument,
  owners: AddressOwners,
  access: StateAccess,
  context: FindingContext,
): Finding[] {
  return unfinishedInstances(whole).map(({ resource, instance, what }) => {
    const address = instanceAddress(resource, instance);
    const remove = stateCommand(access, "rm", address);
    const told = {
      tainted: {
        consequence: "replace it",
        detail: "tainted",
        where: "the old module: apply it, or untaint the object if it is sound",
        lines: [remove.replace(/ state rm\b/, " untaint")],
      },
      deposed: {
        consequence: "destroy it",
        detail: "a deposed object is left of a replacement",
        where: "the old module: apply it, which destroys what is left",
        lines: [],
      },
      "without attributes": {
        consequence: "create it anew",
        detail: "the state has the object without attributes, so nothing tells which one in AWS it is",
        where: "the old state: take an earlier version of it; or remove the object from it, and import it",
        lines: [remove],
      },
    }[what];
    return finding(context, {
      kind: "unfinished object",
      address,
      stack: owners.ownerOf(resource) ?? null,
      ...told,
      consequence: `${toolName()} would ${told.consequence}`,
    });
  });
}
