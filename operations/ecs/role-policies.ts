/** The policies that a role has after a deploy: those of the stacks, and those that others have given it. */
import { blocks, documentOf, type SynthesizedStacks } from "../../terraform/synthesized";
import type { ClientConfig } from "../aws";
import { unless } from "./look";
import { type Policy, policyOf } from "./role-policy";
import { lastPart } from "./services";
import type { SynthesizedServices } from "./synthesized-services";

export interface SynthesizedPolicies {
  /** By ARN or, of those within the role, by name. */
  readonly documents: ReadonlyMap<string, Policy>;
  /** ARNs of policies that are attached and whose documents the stacks don't have. */
  readonly attached: readonly string[];
  /** Whether a deploy detaches whatever else is attached. */
  readonly isExclusive: boolean;
}

/** What the stacks give a role, by the role's name. */
export function synthesizedPolicies(
  stacks: SynthesizedStacks,
  services: SynthesizedServices,
  role: string,
  accountId: string,
): SynthesizedPolicies {
  const documents = new Map<string, Policy>();
  const attached: string[] = [];
  const document = (value: unknown, stack: string): Policy => {
    const parsed = documentOf(value);
    return parsed === undefined ? undefined : policyOf(services.filledDocument(parsed, stack));
  };
  const attach = (value: unknown, stack: string) => {
    for (const arn of Array.isArray(value) ? value : [value]) {
      const policies = stacks.referredOfType("aws_iam_policy", arn, stack);
      if (policies.length === 0) attached.push(services.text(arn, stack));
      for (const policy of policies) {
        const name = services.text(policy.block.name, policy.stack);
        documents.set(`arn:aws:iam::${accountId}:policy/${name}`, document(policy.block.policy, policy.stack));
      }
    }
  };
  const isNamed = (value: unknown, stack: string) => lastPart(services.text(value, stack)) === role;
  const own = stacks.ofType("aws_iam_role").filter(({ stack, block }) => isNamed(block.name, stack));
  for (const { stack, block } of own) {
    attach(block.managed_policy_arns ?? [], stack);
    for (const { name, policy } of blocks(block.inline_policy))
      documents.set(services.text(name, stack), document(policy, stack));
  }
  const isRole = (value: unknown, stack: string) =>
    isNamed(value, stack) || stacks.referredOfType("aws_iam_role", value, stack).some((one) => own.includes(one));
  for (const { stack, block, address } of stacks.ofType("aws_iam_role_policy")) {
    if (isRole(block.role, stack))
      documents.set(services.text(block.name, stack) || address, document(block.policy, stack));
  }
  for (const type of ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"]) {
    for (const { stack, block } of stacks.ofType(type)) {
      const roles = block.role ?? block.roles;
      if ((Array.isArray(roles) ? roles : [roles]).some((one) => isRole(one, stack))) attach(block.policy_arn, stack);
    }
  }
  return { documents, attached, isExclusive: own.some(({ block }) => block.managed_policy_arns !== undefined) };
}

/** What a role has after a deploy: what the stacks give it, and what AWS has of it now where they say nothing of that. */
export async function rolePolicies(
  config: ClientConfig,
  role: string,
  { documents, attached, isExclusive }: SynthesizedPolicies,
): Promise<Policy[]> {
  const iam = require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam");
  const client = new iam.IAMClient(config);
  const policies = new Map(documents);
  const arns = new Set(attached);
  const absent = /^NoSuchEntity/;
  await unless(absent, async () => {
    if (!isExclusive) {
      for await (const page of iam.paginateListAttachedRolePolicies({ client }, { RoleName: role }))
        for (const { PolicyArn = "" } of page.AttachedPolicies ?? []) if (!policies.has(PolicyArn)) arns.add(PolicyArn);
    }
    for await (const page of iam.paginateListRolePolicies({ client }, { RoleName: role })) {
      for (const PolicyName of page.PolicyNames ?? []) {
        if (policies.has(PolicyName)) continue;
        const { PolicyDocument } = await client.send(new iam.GetRolePolicyCommand({ RoleName: role, PolicyName }));
        policies.set(PolicyName, parsed(PolicyDocument));
      }
    }
  });
  for (const PolicyArn of arns) {
    const document = await unless(absent, async () => {
      const { Policy } = await client.send(new iam.GetPolicyCommand({ PolicyArn }));
      const input = { PolicyArn, VersionId: Policy?.DefaultVersionId };
      return (await client.send(new iam.GetPolicyVersionCommand(input))).PolicyVersion?.Document;
    });
    // One that isn't there gives nothing.
    policies.set(PolicyArn, document === undefined ? [] : parsed(document));
  }
  return [...policies.values()];
}

/** IAM gives documents percent-encoded. */
function parsed(document = ""): Policy {
  return policyOf(documentOf(decodeURIComponent(document)));
}
