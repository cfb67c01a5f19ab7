/** Tags that the old module's provider leaves alone. */
import { attributesOf } from "../../../terraform/plan-changes";
import { toolName } from "../../../terraform/tool";
import type { StackId } from "../../split-state";
import { type Finding, finding } from "../finding";
import { byTag } from "../tags";
import { constantOf, inProvider, oldExpressions, type ProviderInput, providerAddress } from "./block";

/** Tags that the old module's provider doesn't look at, and the stacks' would take away. */
export function ignoredTagFindings({ changed, plans, context, explain }: ProviderInput): Finding[] {
  const [rule] = (constantOf(oldExpressions(plans.old, "aws").ignore_tags) ?? []) as {
    keys?: string[];
    key_prefixes?: string[];
  }[];
  if (rule === undefined) return [];
  const { keys = [], key_prefixes: prefixes = [] } = rule;
  const isIgnored = (key: string) => keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix));
  const stacks = new Set<StackId>();
  const objects = new Set<string>();
  for (const { stack, change } of changed) {
    const { before, after } = change.change;
    if (before === null || after === null) continue;
    for (const { keys: path } of byTag(attributesOf(change.change))) {
      const [name, key] = path;
      if ((name !== "tags" && name !== "tags_all") || key === undefined || !isIgnored(key)) continue;
      explain(stack, change.address, path, providerAddress(undefined));
      stacks.add(stack);
      objects.add(change.address);
    }
  }
  if (objects.size === 0) return [];
  const properties = [
    ...(keys.length > 0 ? [`keys: ${JSON.stringify(keys)}`] : []),
    ...(prefixes.length > 0 ? [`keyPrefixes: ${JSON.stringify(prefixes)}`] : []),
  ];
  return [
    finding(context, {
      kind: "provider setting",
      address: providerAddress(undefined),
      consequence: `${toolName()} would take tags off ${objects.size} ${objects.size === 1 ? "object" : "objects"}`,
      detail: `ignore_tags: ${[...keys, ...prefixes.map((prefix) => `${prefix}*`)].map((key) => JSON.stringify(key)).join(", ")}`,
      where: [...stacks].map((stack) => `additions/${stack}.ts`).join(" and "),
      lines: [...stacks].map((stack) => `${stack}.aws.provider.ignoreTags = [{ ${properties.join(", ")} }];`),
      oldModule: inProvider(context, undefined, ["ignore_tags", "0"]),
    }),
  ];
}
