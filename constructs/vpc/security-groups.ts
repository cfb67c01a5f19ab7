import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { SecurityGroup, type SecurityGroupIngress } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { ports } from "../../services/names";
import { environmentOf, namesOf } from "../environment-names";

export interface SecurityGroupsProps {
  readonly vpcId: string;
}

const anywhere = "0.0.0.0/0";
/** Protocol -1 is all protocols, and then the ports are 0. EC2 API, IpPermission. */
const allTraffic = { protocol: "-1", fromPort: 0, toPort: 0 };
const outAnywhere = [{ ...allTraffic, cidrBlocks: [anywhere] }];

function tcp(port: number): SecurityGroupIngress {
  return { protocol: "tcp", fromPort: port, toPort: port };
}

/**
 * Who may talk to whom: the world to the load balancer, it to the tasks, the tasks to each other and to the database.
 * Rules stand inline, as the state has them; egress is open, as there (a known weakness, kept).
 *
 * `aws_security_group.alb_sg`, `.cruddur_ecs_sg`, `.rds`, `aws_default_security_group.default`
 */
export class SecurityGroups extends Construct {
  readonly loadBalancer: SecurityGroup;
  readonly services: SecurityGroup;
  readonly database: SecurityGroup;
  /**
   * The VPC's own, for what names no group. There is one in a VPC, which the default environment looks after: two states
   * would go on changing each other's tags.
   */
  readonly vpcDefault?: DefaultSecurityGroup;

  constructor(scope: Construct, id: string, { vpcId }: SecurityGroupsProps) {
    super(scope, id);
    const names = namesOf(this).securityGroups;
    this.loadBalancer = new SecurityGroup(this, "alb_sg", {
      name: names.loadBalancer,
      description: "Security group for Cruddur LBs",
      vpcId,
      ingress: [
        { ...tcp(ports.http), cidrBlocks: [anywhere], description: "HTTP" },
        { ...tcp(ports.https), cidrBlocks: [anywhere], description: "HTTPS" },
      ],
      egress: outAnywhere,
    });
    this.services = new SecurityGroup(this, "cruddur_ecs_sg", {
      name: names.services,
      description: "Security group for Cruddur services on ECS",
      vpcId,
      ingress: [
        { ...allTraffic, selfAttribute: true },
        { ...allTraffic, securityGroups: [this.loadBalancer.id], description: "cruddur-alb" },
      ],
      egress: outAnywhere,
    });
    this.database = new SecurityGroup(this, "rds", {
      name: names.database,
      description: "Security group for Cruddur RDS DB",
      vpcId,
      ingress: [{ ...tcp(ports.postgres), securityGroups: [this.services.id] }],
      egress: outAnywhere,
    });
    if (environmentOf(this) !== undefined) return;
    this.vpcDefault = new DefaultSecurityGroup(this, "default", {
      vpcId,
      ingress: [{ ...allTraffic, selfAttribute: true }],
      egress: outAnywhere,
    });
  }
}
