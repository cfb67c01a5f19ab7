import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Construct } from "constructs";
import { terraformName } from "../terraform/addressed-stack";

export interface ScalingRange {
  /** Tasks. */
  readonly min: number;
  readonly max: number;
  /** Average of the tasks, in percent of what they have. */
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
}

export interface ServiceScalingProps extends ScalingRange {
  readonly clusterName: string;
  readonly service: EcsService;
  /** Terraform name of the service. */
  readonly name: string;
}

const metrics = {
  cpuPercent: ["cpu", "ECSServiceAverageCPUUtilization"],
  memoryPercent: ["memory", "ECSServiceAverageMemoryUtilization"],
} as const;

/**
 * How many tasks a service runs, decided by Application Auto Scaling within a range.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 *
 * `aws_appautoscaling_target.SERVICE`, `aws_appautoscaling_policy.SERVICE_cpu`, `aws_appautoscaling_policy.SERVICE_memory`
 */
export class ServiceScaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly policies: readonly AppautoscalingPolicy[];

  constructor(scope: Construct, id: string, { clusterName, service, name, ...range }: ServiceScalingProps) {
    super(scope, id);
    this.target = new AppautoscalingTarget(this, "Target", {
      serviceNamespace: "ecs",
      resourceId: `service/${clusterName}/${service.name}`,
      scalableDimension: "ecs:service:DesiredCount",
      minCapacity: range.min,
      maxCapacity: range.max,
    });
    this.policies = Object.entries(metrics).flatMap(([key, [word, predefinedMetricType]]) => {
      const targetValue = range[key as keyof typeof metrics];
      if (targetValue === undefined) return [];
      const { serviceNamespace, resourceId, scalableDimension } = this.target;
      return new AppautoscalingPolicy(this, terraformName(`${name}_${word}`), {
        name: `${service.name}-${word}`,
        policyType: "TargetTrackingScaling",
        serviceNamespace,
        resourceId,
        scalableDimension,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          predefinedMetricSpecification: { predefinedMetricType },
        },
      });
    });
  }
}
