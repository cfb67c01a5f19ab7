/** Which account, region and endpoint a provider reaches. */

import { toolName } from "../../../terraform/tool";
import { instanceAddress } from "../../inventory";
import { stackIds } from "../../split-state";
import { type Finding, finding } from "../finding";
import { constantOf, inProvider, oldExpressions, type ProviderInput, providerAddress } from "./block";

/** Settings that decide which account, region and endpoint are looked at. */
const reaching = [
  "region",
  "profile",
  "assume_role",
  "assume_role_with_web_identity",
  "endpoints",
  "shared_config_files",
];

/** What makes the old module look elsewhere: told where the stacks don't find what the state has. */
export function reachFindings({ state, changed, plans, context, explain, failed }: ProviderInput): Finding[] {
  const held = new Set(
    state.resources.flatMap((resource) => resource.instances.map((one) => instanceAddress(resource, one))),
  );
  const gone = changed.filter(({ change }) => change.change.actions.join() === "create" && held.has(change.address));
  const expected = new Set(
    (plans.old?.resource_changes ?? [])
      .filter(({ change }) => change.actions.join() === "create")
      .map(({ address }) => address),
  );
  const surprising = gone.filter(({ change }) => !expected.has(change.address));
  const isCut = failed.some((name) => name !== "old");
  if (surprising.length === 0 && !isCut) return [];
  const expressions = oldExpressions(plans.old, "aws");
  const settings = reaching.filter(
    (name) => context.source.provider("aws").some((block) => hasArgument(block, name)) || name in expressions,
  );
  const differing = settings.filter((name) => {
    const ours = stackIds.map((stack) => JSON.stringify(constantOf(oldExpressions(plans[stack], "aws")[name])));
    return !ours.every((one) => one !== undefined && one === JSON.stringify(constantOf(expressions[name])));
  });
  if (differing.length === 0) return [];
  for (const { stack, change } of surprising) explain(stack, change.address, [], providerAddress(undefined));
  return [
    finding(context, {
      kind: "provider setting",
      address: providerAddress(undefined),
      consequence:
        surprising.length === 0
          ? "a stack can't be planned"
          : `${toolName()} doesn't find ${surprising.length} ${surprising.length === 1 ? "object" : "objects"} of the state, and would create them`,
      detail: differing.map((name) => described(name, constantOf(expressions[name]))).join("; "),
      where: "the environment, or additions/network.ts and additions/app.ts",
      lines: differing.flatMap((name) => reachAdvice(name, constantOf(expressions[name]))),
      oldModule: inProvider(context, undefined, differing.slice(0, 1)),
    }),
  ];
}

function hasArgument(
  block: { readonly attributes: ReadonlyMap<string, unknown>; readonly blocks: readonly { readonly type: string }[] },
  name: string,
): boolean {
  return block.attributes.has(name) || block.blocks.some(({ type }) => type === name);
}

function described(name: string, value: unknown): string {
  if (typeof value === "string") return `${name} = ${JSON.stringify(value)}`;
  const [role] = (Array.isArray(value) ? value : []) as { role_arn?: unknown }[];
  return typeof role?.role_arn === "string" ? `${name}: ${role.role_arn}` : name;
}

function reachAdvice(name: string, value: unknown): string[] {
  const [role] = (Array.isArray(value) ? value : []) as { role_arn?: unknown }[];
  if (name === "region" && typeof value === "string") return [`AWS_REGION=${value}`];
  if (name === "profile" && typeof value === "string") return [`TF_VAR_aws_profile=${value}`];
  if (name === "assume_role" && typeof role?.role_arn === "string") {
    return stackIds.map(
      (stack) => `${stack}.aws.provider.assumeRole = [{ roleArn: ${JSON.stringify(role.role_arn)} }];`,
    );
  }
  return [`${name} as in the old module's provider block`];
}
