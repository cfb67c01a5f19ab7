/** What others have changed since Terraform last looked. */

import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import type { Plan } from "../../terraform/plan";
import { attributesOf } from "../../terraform/plan-changes";
import { containerChanges, parsedContainers } from "../ecs/container-definitions";
import { isEmpty } from "./empty";

function sameContainers(before: unknown, after: unknown): boolean {
  const [old, now] = [before, after].map(parsedContainers);
  return old !== undefined && now !== undefined && containerChanges(old, now).length === 0;
}

/** Names of the arguments that the configuration sets; undefined in a module, whose configuration lies elsewhere. */
function configured(plan: Plan, address: string): string[] | undefined {
  const declared = address.replace(/\[[^\]]*\]$/, "");
  const resource = plan.configuration?.root_module?.resources?.find((candidate) => candidate.address === declared);
  return resource && Object.keys(resource.expressions ?? {});
}

/** @returns each object with the names of what differs, without values */
export function driftOf(plan: Plan, known: KnownSecrets): { readonly address: string; readonly detail: string }[] {
  const drifted = (plan.resource_drift ?? []).filter(({ mode }) => mode === "managed");
  return drifted.flatMap((planned) => {
    if (planned.change.after === null) return [{ address: planned.address, detail: "is gone" }];
    const set = configured(plan, planned.address);
    const paths = attributesOf(planned.change)
      // What AWS says of it (a status, a count) changes by itself.
      .filter(({ keys }) => keys[0] === undefined || (set?.includes(keys[0]) ?? true))
      // A first look after an apply fills in empty values by the dozen, and turns JSON round.
      .filter(({ before, after }) => !(isEmpty(before) && isEmpty(after)) && !sameContainers(before, after))
      .map(({ keys }) => keys.map((key) => known.clean(key)).join("."));
    return paths.length === 0 ? [] : [{ address: planned.address, detail: paths.join(", ") }];
  });
}
