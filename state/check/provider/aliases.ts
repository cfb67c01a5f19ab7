/** Providers with an alias. */

import { toolName } from "../../../terraform/tool";
import { instanceAddress } from "../../inventory";
import { type StackId, stackIds } from "../../split-state";
import { blockAddress, type Finding, finding } from "../finding";
import { aliasIn, constantOf, inProvider, oldExpressions, type ProviderInput, providerAddress } from "./block";

/** Objects that the old module makes with a provider of another name. */
export function aliasFindings({ state, changed, plans, context, explain }: ProviderInput): Finding[] {
  const aliases = new Map<string, { stack: StackId; address: string }[]>();
  const ours = new Map(
    stackIds.flatMap((stack) =>
      (plans[stack]?.configuration?.root_module?.resources ?? []).map(
        (one) => [one.address, one.provider_config_key] as const,
      ),
    ),
  );
  const aliasOf = new Map(
    state.resources.flatMap((resource) => {
      const alias = aliasIn(resource.provider);
      return resource.instances.map((instance) => [instanceAddress(resource, instance), { alias, resource }] as const);
    }),
  );
  for (const { stack, change } of changed) {
    const { alias, resource } = aliasOf.get(change.address) ?? {};
    if (alias === undefined || resource === undefined || resource.module !== undefined) continue;
    const key = ours.get(`${resource.type}.${resource.name}`);
    if (key == null || key === `aws.${alias}`) continue;
    explain(stack, change.address, [], providerAddress(alias));
    aliases.set(alias, [...(aliases.get(alias) ?? []), { stack, address: change.address }]);
  }
  return [...aliases].map(([alias, objects]) => {
    const expressions = oldExpressions(plans.old, `aws.${alias}`);
    const region = constantOf(expressions.region);
    const stacks = [...new Set(objects.map(({ stack }) => stack))];
    const config = `{ ${[`alias: ${JSON.stringify(alias)}`, ...configOf(expressions)].join(", ")} }`;
    const resources = new Set(objects.map(({ stack, address }) => JSON.stringify([stack, blockAddress(address)])));
    const other = Object.keys(expressions).filter((name) => name !== "region");
    return finding(context, {
      kind: "provider setting",
      address: providerAddress(alias),
      consequence: `${toolName()} looks for ${objects.length} ${objects.length === 1 ? "object" : "objects"} with another provider`,
      detail: `alias ${alias}: ${[...(typeof region === "string" ? [`region ${region}`] : []), ...other].join(", ") || "its own settings"}`,
      where: stacks.map((stack) => `additions/${stack}.ts`).join(" and "),
      lines: stacks.flatMap((stack) => [
        `new AwsProvider(this, ${JSON.stringify(`aws_${alias.replace(/\W/g, "_").toLowerCase()}`)}, ${config});`,
        ...[...resources]
          .map((text) => JSON.parse(text) as [StackId, string])
          .filter(([one]) => one === stack)
          .map(
            ([, address]) =>
              `setArgument(${stack}, ${JSON.stringify(address)}, "provider", ${JSON.stringify(`aws.${alias}`)});`,
          ),
      ]),
      imports: [
        `import { AwsProvider } from "@cdktf/provider-aws/lib/provider";`,
        `import { setArgument } from "../constructs/terraform/arguments";`,
      ],
      oldModule: inProvider(context, alias, ["region"]),
    });
  });
}

/** Arguments of a provider as its class takes them; what isn't a constant is left to whoever writes it. */
function configOf(expressions: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(expressions)
    .filter(([name]) => name !== "alias")
    .map(([name, expression]) => {
      const property = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const value = simple.has(name) ? constantOf(expression) : undefined;
      return `${property}: ${isWhole(value) ? JSON.stringify(value) : "…"}`;
    });
}

/** Those without nested arguments, which TypeScript would name otherwise, and without secrets. */
const simple = new Set(["region", "profile", "default_tags", "allowed_account_ids", "max_retries"]);

function isWhole(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.values(value).every(isWhole) : value !== undefined;
}
