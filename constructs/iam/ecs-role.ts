import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import type { AwsAccount } from "../aws-account";
import { type PolicyStatement, policyDocument } from "./policy-document";

export interface EcsRoleProps {
  readonly name: string;
  /**
   * The account whose tasks alone may assume the role (against the confused deputy,
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html). @default any ECS task
   */
  readonly onlyTasksOf?: AwsAccount;
}

/** Something that can be given rights: `secrets.grantRead(role)`. */
export interface Grantee {
  /** Makes a policy, at `aws_iam_policy.ID` below the grantee's id, and attaches it. */
  addPolicy(id: string, name: string, ...statements: readonly PolicyStatement[]): void;
}

/**
 * A role that ECS assumes, for itself or for the processes in tasks, with the policies that it is granted. Policies are attached by the role's own
 * `managed_policy_arns`, as the state has it; the argument is deprecated in the provider, which warns at every plan.
 *
 * `aws_iam_role.ID`, `aws_iam_policy.POLICY`
 */
export class EcsRole extends Construct implements Grantee {
  readonly role: IamRole;
  /** What it was granted, by the policies' names. */
  readonly policies: ReadonlyMap<string, IamPolicy>;
  readonly #granted = new Map<string, IamPolicy>();
  private readonly policyArns: string[] = [];

  constructor(scope: Construct, id: string, { name, onlyTasksOf }: EcsRoleProps) {
    super(scope, id);
    this.policies = this.#granted;
    this.role = new IamRole(this, "Role", {
      name,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Condition: onlyTasksOf && {
          StringEquals: { "aws:SourceAccount": onlyTasksOf.accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:ecs:${onlyTasksOf.region}:${onlyTasksOf.accountId}:*` },
        },
      }),
    });
  }

  get arn(): string {
    return this.role.arn;
  }

  addPolicy(id: string, name: string, ...statements: readonly PolicyStatement[]): void {
    const policy = new IamPolicy(this, id, { name, policy: policyDocument(...statements) });
    this.#granted.set(name, policy);
    this.attach(policy.arn);
  }

  /** Attaches a policy that AWS maintains, by its name and path: `service-role/AmazonECSTaskExecutionRolePolicy`. */
  addAwsManagedPolicy(name: string): void {
    this.attach(`arn:aws:iam::aws:policy/${name}`);
  }

  /** Attaches policies that another role was granted, by their names. */
  addPoliciesOf(other: EcsRole, names: readonly string[]): void {
    for (const name of names) {
      const policy = other.policies.get(name);
      if (policy === undefined) throw new Error(`The role ${other.node.id} has no policy ${name}`);
      this.attach(policy.arn);
    }
  }

  private attach(arn: string): void {
    if (this.policyArns.includes(arn)) return;
    this.policyArns.push(arn);
    this.role.managedPolicyArns = this.policyArns;
  }
}
