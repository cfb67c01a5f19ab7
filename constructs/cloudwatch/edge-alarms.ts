import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { underscored } from "../../services/definition";
import type { HostRoute } from "../alb/host-route";
import type { LoadBalancer } from "../alb/load-balancer";
import { terraformName } from "../terraform/addressed-stack";
import { alarm } from "./alarm";

export interface EdgeAlarmsProps {
  readonly loadBalancer: LoadBalancer;
  /** By service name. */
  readonly routes: ReadonlyMap<string, HostRoute>;
  readonly topicArn: string;
}

const namespace = "AWS/ApplicationELB";

/**
 * What users notice: errors of services and of the load balancer itself, and targets that are unhealthy.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 *
 * `aws_cloudwatch_metric_alarm.load_balancer_5xx`, `aws_cloudwatch_metric_alarm.SERVICE_5xx`,
 * `aws_cloudwatch_metric_alarm.SERVICE_unhealthy`
 */
export class EdgeAlarms extends Construct {
  readonly alarms: readonly CloudwatchMetricAlarm[];

  constructor(scope: Construct, id: string, { loadBalancer, routes, topicArn }: EdgeAlarmsProps) {
    super(scope, id);
    const balancer = { LoadBalancer: loadBalancer.lb.arnSuffix };
    const ofBalancer = alarm(this, "load_balancer_5xx", {
      name: "load-balancer-5xx",
      description: "The load balancer itself answered with 5xx: no target answered. See bin/ecs/status.",
      namespace,
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: balancer,
      statistic: "Sum",
      threshold: 10,
      minutes: 5,
      topicArn,
    });
    const ofRoutes = [...routes].flatMap(([service, { targetGroup }]) => {
      const of = { namespace, dimensions: { ...balancer, TargetGroup: targetGroup.arnSuffix }, minutes: 5, topicArn };
      return [
        alarm(this, terraformName(`${underscored(service)}_5xx`), {
          ...of,
          name: `${service}-5xx`,
          description: `${service} answered with 5xx. See bin/ecs/logs ${service}.`,
          metricName: "HTTPCode_Target_5XX_Count",
          statistic: "Sum",
          threshold: 10,
        }),
        alarm(this, terraformName(`${underscored(service)}_unhealthy`), {
          ...of,
          name: `${service}-unhealthy`,
          description: `A target of ${service} fails its health check. See bin/ecs/status ${service}.`,
          metricName: "UnHealthyHostCount",
          statistic: "Maximum",
          threshold: 0,
        }),
      ];
    });
    this.alarms = [ofBalancer, ...ofRoutes];
  }
}
