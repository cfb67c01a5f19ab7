/** The states of both stacks as if they were one. */
import type { StateDocument, StateInstance, StateResource } from "./document";
import { instanceAddress } from "./inventory";
import type { AddressOwners, StackId } from "./split-state";

const empty = { version: 4, terraform_version: "", serial: 0, lineage: "", outputs: {}, resources: [] };

/**
 * Each object once: a data source that both stacks read, and what an interrupted split has left in both, lies in two states.
 * The copy in its owner's state is the one that counts.
 * @param states by where they lie; `old` is a state that is not split yet
 */
export function mergedState(
  states: Partial<Record<"old" | StackId, StateDocument>>,
  owners: AddressOwners,
): StateDocument {
  const [first] = Object.values(states);
  const all = Object.entries(states).flatMap(([name, { resources }]) =>
    resources.map((resource) => ({ resource, isAtHome: owners.ownerOf(resource) === name })),
  );
  const seen = new Set<string>();
  const isNew = (resource: StateResource, instance: StateInstance) => {
    const address = instanceAddress(resource, instance);
    return !seen.has(address) && seen.add(address) !== undefined;
  };
  const ordered = [...all.filter(({ isAtHome }) => isAtHome), ...all.filter(({ isAtHome }) => !isAtHome)];
  const resources = ordered.flatMap(({ resource }) => {
    const instances = resource.instances.filter((instance) => isNew(resource, instance));
    return instances.length === 0 && resource.instances.length > 0 ? [] : [{ ...resource, instances }];
  });
  return { ...(first ?? empty), resources };
}
