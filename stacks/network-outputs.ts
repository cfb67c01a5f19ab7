import { Fn, type TerraformRemoteState } from "cdktf";

/** The outputs of the network stack: the app stack reads them from its state, people and scripts by `terraform output`. */
export const networkOutputs = {
  ecs_security_group_id: "Security group of the ECS tasks.",
  rds_security_group_id: "Security group of the database.",
  target_group_arns: "Target group of each service that the load balancer serves, by service name.",
  domain_names: "Public host of each service that has one, by service name.",
  certificate_arn: "The validated certificate.",
  load_balancer_dns_name: "AWS's own name of the load balancer.",
} as const;

/** Of the hardening step localBackend alone. */
export const loadBalancerGroupOutput = "load_balancer_security_group_id";

/** The same values as the app stack sees them, through the network's state. */
export class NetworkReferences {
  constructor(private readonly state: TerraformRemoteState) {}

  get ecsSecurityGroupId(): string {
    return this.state.getString("ecs_security_group_id");
  }

  get loadBalancerSecurityGroupId(): string {
    return this.state.getString(loadBalancerGroupOutput);
  }

  get rdsSecurityGroupId(): string {
    return this.state.getString("rds_security_group_id");
  }

  targetGroupArn(serviceName: string): string {
    return Fn.lookupNested(this.state.get("target_group_arns"), [`"${serviceName}"`]);
  }
}
