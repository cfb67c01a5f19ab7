import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { type ServiceDefinition, targetGroupName, underscored } from "../../services/definition";
import { namesOf } from "../environment-names";
import { AliasRecord } from "../route53/alias-record";
import type { HostedZone } from "../route53/hosted-zone";
import { terraformName } from "../terraform/addressed-stack";
import type { LoadBalancer } from "./load-balancer";

export interface HostRouteProps {
  readonly service: ServiceDefinition;
  readonly route: NonNullable<ServiceDefinition["route"]>;
  readonly loadBalancer: LoadBalancer;
  readonly zone: HostedZone;
  /** The domain itself, below which the hosts are. @default the zone's */
  readonly domain?: string;
  readonly vpcId: string;
}

/**
 * The way from a public host to a service's tasks: the record, the listener's rule (for the domain itself: its default
 * action) and the target group that ECS registers the tasks with.
 *
 * `aws_lb_target_group.TARGET_GROUP`, `aws_lb_listener_rule.ID`, `aws_route53_record.ID`
 */
export class HostRoute extends Construct {
  readonly host: string;
  readonly targetGroup: LbTargetGroup;
  /** Absent at the domain itself, where the listener's default action leads. */
  readonly rule?: LbListenerRule;
  readonly alias: AliasRecord;

  constructor(scope: Construct, id: string, props: HostRouteProps) {
    super(scope, id);
    const { service, route, loadBalancer, zone, domain = zone.domain, vpcId } = props;
    const groupName = targetGroupName(service);
    this.targetGroup = new LbTargetGroup(this, terraformName(underscored(groupName)), {
      name: namesOf(this).targetGroup(groupName),
      port: route.containerPort,
      protocol: "HTTP",
      targetType: "ip",
      vpcId,
      healthCheck: {
        path: route.healthCheckPath,
        port: route.healthCheckPort?.toString(),
        protocol: "HTTP",
      },
    });
    this.host = route.hostLabel === undefined ? domain : `${route.hostLabel}.${domain}`;
    if (route.hostLabel === undefined) {
      loadBalancer.forwardByDefault(this.targetGroup);
    } else {
      this.rule = new LbListenerRule(this, "Rule", {
        listenerArn: loadBalancer.httpsListener.arn,
        priority: route.priority,
        condition: [{ hostHeader: { values: [this.host] } }],
        action: [{ type: "forward", targetGroupArn: this.targetGroup.arn }],
      });
    }
    this.alias = new AliasRecord(this, "Alias", { zone, name: this.host, target: loadBalancer });
  }
}
