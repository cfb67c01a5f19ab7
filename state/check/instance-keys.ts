/** The instance keys that a state has, and how a stack gets them. */
import { type InstanceKey, quoted } from "../../terraform/address";
import type { StateDocument } from "../document";
import { resourceAddress } from "../inventory";
import type { StackId } from "../split-state";
import type { Advice } from "./argument-advice";
import type { Declarations } from "./declared";
import { whereToChange } from "./where-to-change";

/** By block. */
export type StateKeys = ReadonlyMap<string, readonly InstanceKey[]>;

export function keysIn({ resources }: StateDocument): Map<string, InstanceKey[]> {
  const found = new Map<string, InstanceKey[]>();
  for (const resource of resources) {
    const keys = resource.instances.flatMap(({ index_key: key }) => key ?? []);
    found.set(resourceAddress(resource), [...(found.get(resourceAddress(resource)) ?? []), ...new Set(keys)]);
  }
  return found;
}

/** The keys that the state has, set as they are where the stack has a list of its own. */
export function keysAdvice(stack: StackId, block: string, declarations: Declarations, stateKeys: StateKeys): Advice {
  const place = whereToChange(block, undefined, stack);
  const declared = declarations.get(block);
  const keys = stateKeys.get(block) ?? [];
  const isOwn = declared?.keys?.every((key) => key !== undefined);
  if (place !== `additions/${stack}.ts` || !isOwn) return { where: place, lines: [] };
  const isCount = keys.every((key) => typeof key === "number");
  const value = isCount
    ? String(keys.length)
    : JSON.stringify(`\${toset([${keys.map((key) => quoted(String(key))).join(", ")}])}`);
  return {
    where: place,
    imports: [`import { setArgument } from "../constructs/terraform/arguments";`],
    lines: [
      `setArgument(${stack}, ${JSON.stringify(block)}, ${isCount ? '"count"' : '"for_each"'}, ${value});`,
      // Terraform takes one of the two.
      ...((isCount ? "for_each" : "count") in (declared?.block ?? {})
        ? [`setArgument(${stack}, ${JSON.stringify(block)}, ${isCount ? '"for_each"' : '"count"'}, undefined);`]
        : []),
    ],
  };
}
