/** Tags that the old module's provider sets on everything. */
import { KnownSecrets } from "../../../lib/secrecy/known-secrets";
import type { Plan } from "../../../terraform/plan";
import { attributesOf } from "../../../terraform/plan-changes";
import { toolName } from "../../../terraform/tool";
import type { StateInstance } from "../../document";
import { instanceAddress } from "../../inventory";
import type { StackId } from "../../split-state";
import { type Finding, finding } from "../finding";
import { byTag } from "../tags";
import { aliasIn, constantOf, inProvider, oldExpressions, type ProviderInput, providerAddress } from "./block";

interface DefaultTag {
  readonly key: string;
  /** null where the stacks' provider sets one that the old one doesn't. */
  readonly value: string | null;
  readonly at: { readonly stack: StackId; readonly address: string; readonly keys: readonly string[] }[];
}

/** The tags of an object that only its provider can have set, as the state was written. */
function defaultTagsIn({ json }: StateInstance): Map<string, string | undefined> {
  const attributes = json.members().get("attributes")?.members();
  const own = attributes?.get("tags")?.members();
  const all = [...(attributes?.get("tags_all")?.members() ?? [])];
  return new Map(all.filter(([key]) => own?.has(key) !== true).map(([key, value]) => [key, value.string]));
}

/** Tags that the old module's provider sets on everything. A provider without them takes them for the object's own. */
export function defaultTagFindings({ state, changed, plans, context, explain }: ProviderInput): Finding[] {
  // What a provider with an alias sets is told with that provider.
  const own = state.resources.filter(({ provider }) => aliasIn(provider) === undefined);
  const instances = new Map(
    own.flatMap((resource) =>
      resource.instances.map((instance) => [instanceAddress(resource, instance), instance] as const),
    ),
  );
  const known = new KnownSecrets(context.secrets);
  const found = new Map<string, DefaultTag>();
  for (const { stack, change } of changed) {
    const { before, after } = change.change;
    const instance = instances.get(change.address);
    if (before === null || after === null || instance === undefined) continue;
    const theirs = defaultTagsIn(instance);
    const ours = defaultTagsOf(plans[stack]);
    for (const { keys, before: had, after: gets } of byTag(attributesOf(change.change))) {
      const [name, key] = keys;
      if ((name !== "tags" && name !== "tags_all") || key === undefined) continue;
      const isTheirs = theirs.get(key) === had && had !== null;
      const isOurs = name === "tags_all" && had === null && ours[key] === gets && gets !== null;
      if (!isTheirs && !isOurs) continue;
      const value = isTheirs ? String(had) : null;
      const id = JSON.stringify([key, value]);
      const tag = found.get(id) ?? { key, value, at: [] };
      tag.at.push({ stack, address: change.address, keys });
      found.set(id, tag);
    }
  }
  // Where a key has several values, the provider has the one that most objects have.
  const winners = new Map<string, DefaultTag>();
  for (const tag of found.values()) {
    if ((winners.get(tag.key)?.at.length ?? 0) < tag.at.length) winners.set(tag.key, tag);
  }
  if (winners.size === 0) return [];
  const tags = [...winners.values()];
  for (const { at } of tags)
    for (const { stack, address, keys } of at) explain(stack, address, keys, providerAddress(undefined));
  const all = { ...defaultTagsOf(plans.app ?? plans.network) };
  for (const { key, value } of tags) {
    if (value === null) delete all[key];
    else all[key] = value;
  }
  const objects = new Set(tags.flatMap(({ at }) => at.map(({ address }) => address))).size;
  return [
    finding(context, {
      kind: "provider setting",
      address: providerAddress(undefined),
      consequence: `${toolName()} would change the tags of ${objects} ${objects === 1 ? "object" : "objects"}`,
      detail: known.clean(
        `default_tags: ${tags.map(({ key, value }) => `${JSON.stringify(key)} = ${value === null ? "nothing" : JSON.stringify(value)}`).join(", ")}`,
      ),
      where: "setting defaultTags",
      lines: [known.clean(`"defaultTags": ${JSON.stringify(all)}`)],
      oldModule: inProvider(context, undefined, ["default_tags", "0", "tags"]),
    }),
  ];
}

function defaultTagsOf(plan: Plan | undefined): Record<string, unknown> {
  const [block] = (constantOf(oldExpressions(plan, "aws").default_tags) ?? []) as { tags?: Record<string, unknown> }[];
  return block?.tags ?? {};
}
