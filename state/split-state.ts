/** Which stack an instance belongs to, by the address register, and the states that follow from it. */
import { randomUUID } from "node:crypto";
import type { Claim } from "../constructs/terraform/addressed-stack";
import { type SplitStackId, splitStackIds } from "../services/names";
import type { StateDocument, StateResource } from "./document";
import { resourceAddress } from "./inventory";

export type StackId = SplitStackId;
export const stackIds: readonly StackId[] = splitStackIds;

/** The stacks' states. Together they have every instance of the old one. */
export interface SplitStates {
  readonly network: StateDocument;
  readonly app: StateDocument;
  /** Managed resources that no stack declares. */
  readonly undeclared: readonly StateResource[];
}

/** Finds the stack of a resource. */
export class AddressOwners {
  private readonly stacks = new Map<string, Set<string>>();

  constructor(claims: readonly Claim[]) {
    for (const { address, stack, kind } of claims) {
      if (kind !== "managed" && kind !== "data" && kind !== "module") continue;
      this.stacks.set(address, (this.stacks.get(address) ?? new Set()).add(stack));
    }
  }

  /** @returns undefined where no stack declares it */
  ownerOf(resource: StateResource): StackId | undefined {
    const module = resource.module === undefined ? undefined : /^module\.[^.[]+/.exec(resource.module)?.[0];
    const owners = this.stacks.get(module ?? resourceAddress(resource));
    if (owners === undefined) return undefined;
    // Both stacks may read the same data source; a copy of what was read is of use to none but its reader.
    return owners.has("app") ? "app" : "network";
  }
}

/**
 * Splits a state. What no stack declares goes to the app's, where Terraform's plan shows what would become of it.
 * @param network what the network's state file has so far: its lineage goes on
 */
export function splitState(whole: StateDocument, owners: AddressOwners, network?: StateDocument): SplitStates {
  // The checks are the old module's.
  const { check_results: _, ...withoutChecks } = whole.further ?? {};
  const of = { network: [] as StateResource[], app: [] as StateResource[] };
  const undeclared: StateResource[] = [];
  for (const resource of whole.resources) {
    const owner = owners.ownerOf(resource);
    if (owner === undefined && resource.mode === "managed") undeclared.push(resource);
    of[owner ?? "app"].push(resource);
  }
  return {
    network: {
      ...whole,
      serial: (network?.serial ?? 0) + 1,
      lineage: network?.lineage ?? randomUUID(),
      outputs: {},
      resources: of.network,
      further: withoutChecks,
    },
    app: { ...whole, serial: whole.serial + 1, resources: of.app },
    undeclared,
  };
}
