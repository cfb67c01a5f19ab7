/** What keeps things: data, users, secrets, images, logs, traces; each with the roles that may use it. */

import {
  blocks,
  documentOf,
  instanceKeys,
  type Resource,
  readable,
  type SynthesizedStacks,
  text,
} from "../../terraform/synthesized";
import type { Node } from "./graph";

export interface Store {
  readonly resource: Resource;
  readonly node: Node;
  /** Its security groups, where tasks reach it over the network. */
  readonly securityGroups?: unknown;
  grantedBy(role: Resource, stacks: SynthesizedStacks): boolean;
}

interface Drawing {
  readonly caption: string;
  readonly kind: Node["kind"];
  readonly rows: (resource: Resource, stacks: SynthesizedStacks) => readonly string[];
  /** Policies of AWS that give the use of it, by the end of their names. */
  readonly managedPolicies?: RegExp;
  /** The service in the actions of a policy: `ssm` of `ssm:GetParameters`. */
  readonly service?: string;
}

const keysOf = (resource: Resource) => instanceKeys(resource) ?? [];

const drawings: Readonly<Record<string, Drawing>> = {
  aws_db_instance: {
    caption: "RDS database",
    kind: "data",
    rows: ({ block }) => [
      `${text(block.engine)} ${text(block.engine_version)}  ${text(block.instance_class)}`,
      `:${text(block.port)}`,
    ],
  },
  aws_dynamodb_table: {
    caption: "DynamoDB table",
    kind: "data",
    service: "dynamodb",
    rows: ({ block }) => [
      `key ${[block.hash_key, block.range_key]
        .filter((key) => key !== undefined)
        .map(text)
        .join(", ")}`,
      ...blocks(block.global_secondary_index).map((index) => `index ${text(index.name)}`),
    ],
  },
  aws_ssm_parameter: {
    caption: "SSM parameters",
    kind: "data",
    service: "ssm",
    rows: keysOf,
  },
  aws_ecr_repository: {
    caption: "ECR",
    kind: "data",
    service: "ecr",
    managedPolicies: /AmazonECSTaskExecutionRolePolicy$|AmazonEC2ContainerRegistry\w+$/,
    rows: keysOf,
  },
  aws_cloudwatch_log_group: {
    caption: "CloudWatch logs",
    kind: "data",
    service: "logs",
    managedPolicies: /AmazonECSTaskExecutionRolePolicy$/,
    rows: ({ block }) => (block.retention_in_days === undefined ? [] : [`kept ${text(block.retention_in_days)} d`]),
  },
  aws_xray_group: {
    caption: "X-Ray group",
    kind: "data",
    service: "xray",
    managedPolicies: /AWSXRay\w+$/,
    rows: (_, stacks) =>
      stacks.ofType("aws_xray_sampling_rule").map(({ block }) => `sampling rule ${readable(block.rule_name)}`),
  },
  aws_cognito_user_pool: {
    caption: "Cognito user pool",
    kind: "identity",
    service: "cognito-idp",
    rows: (pool, stacks) =>
      stacks
        .ofType("aws_cognito_user_pool_client")
        .filter(({ block, stack }) => stacks.referred(block.user_pool_id, stack).includes(pool))
        .map(({ block }) => `client ${readable(block.name)}`),
  },
};

/** Whether a policy of the role names the resource, or names of its service what the resource's name falls under. */
function grants(role: Resource, resource: Resource, drawing: Drawing, stacks: SynthesizedStacks): boolean {
  const managed = (role.block.managed_policy_arns ?? []) as unknown[];
  if (managed.some((arn) => drawing.managedPolicies?.test(text(arn)) === true)) return true;
  return stacks.referredOfType("aws_iam_policy", managed, role.stack).some((policy) => {
    if (stacks.referred(policy.block.policy, policy.stack).includes(resource)) return true;
    const statements = blocks((documentOf(policy.block.policy) as { Statement?: unknown } | undefined)?.Statement);
    return statements.some(({ Action, Resource: named }) => {
      const acts = [Action]
        .flat()
        .some((action) => drawing.service !== undefined && text(action).startsWith(`${drawing.service}:`));
      const prefixes = [named].flat().map((arn) =>
        text(arn)
          .replace(/^.*:parameter/, "")
          .replace(/\*$/, ""),
      );
      return acts && prefixes.some((prefix) => prefix !== "" && text(resource.block.name).startsWith(prefix));
    });
  });
}

export function storesOf(stacks: SynthesizedStacks): Store[] {
  return Object.entries(drawings).flatMap(([type, drawing]) =>
    stacks.ofType(type).map((resource) => {
      const { block, address, stack } = resource;
      const title = readable(block.name ?? block.identifier ?? block.group_name ?? resource.name);
      return {
        resource,
        node: {
          id: address,
          kind: drawing.kind,
          caption: drawing.caption,
          title: title === "*" ? `${keysOf(resource).length} repositories` : title,
          rows: drawing.rows(resource, stacks).map((line) => ({ text: line })),
          group: stack,
        },
        securityGroups: block.vpc_security_group_ids,
        grantedBy: (role: Resource, all: SynthesizedStacks) => grants(role, resource, drawing, all),
      };
    }),
  );
}
