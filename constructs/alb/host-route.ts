import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Construct } from "constructs";
import { type ServiceDefinition, targetGroupName, terraformName } from "../../services/definition";
import { AliasRecord } from "../route53/alias-record";
import type { HostedZone } from "../route53/hosted-zone";
import type { LoadBalancer } from "./load-balancer";

export interface HostRouteProps {
  readonly service: ServiceDefinition;
  readonly route: NonNullable<ServiceDefinition["route"]>;
  readonly loadBalancer: LoadBalancer;
  readonly zone: HostedZone;
  readonly vpcId: string;
}

/**
 * The way from a public host to a service's tasks: the record, the listener's rule (for the domain itself: its default
 * action) and the target group that ECS registers the tasks with.
 *
 * `aws_lb_target_group.TARGET_GROUP`, `aws_lb_listener_rule.ID`, `aws_route53_record.ID`
 */
export class HostRoute extends Construct {
  readonly targetGroupArn: string;
  readonly host: string;

  constructor(scope: Construct, props: HostRouteProps) {
    const { service, route, loadBalancer, zone, vpcId } = props;
    super(scope, terraformName(route.apexRecord ?? route.hostLabel));
    const groupName = targetGroupName(service);
    const targetGroup = new LbTargetGroup(this, terraformName(groupName), {
      name: groupName,
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
    this.targetGroupArn = targetGroup.arn;
    this.host = route.hostLabel === undefined ? zone.domain : `${route.hostLabel}.${zone.domain}`;
    if (route.hostLabel === undefined) {
      loadBalancer.forwardByDefault(targetGroup);
    } else {
      new LbListenerRule(this, "Rule", {
        listenerArn: loadBalancer.httpsListener.arn,
        priority: route.priority,
        condition: [{ hostHeader: { values: [this.host] } }],
        action: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      });
    }
    new AliasRecord(this, "Alias", { zone, name: this.host, target: loadBalancer });
  }
}
