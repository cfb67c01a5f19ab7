import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";

export interface TableScalingProps {
  readonly table: DynamodbTable;
  /** Units. */
  readonly min: number;
  readonly max: number;
}

/**
 * How much a table can be read and written, decided by Application Auto Scaling.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 *
 * `aws_appautoscaling_target.messages_read`, `.messages_write`, and policies of these names
 */
export class TableScaling extends Construct {
  readonly targets: readonly AppautoscalingTarget[];
  readonly policies: readonly AppautoscalingPolicy[];

  constructor(scope: Construct, id: string, { table, min, max }: TableScalingProps) {
    super(scope, id);
    const dimensions = ["Read", "Write"] as const;
    this.targets = dimensions.map(
      (word) =>
        new AppautoscalingTarget(this, `messages_${word.toLowerCase()}`, {
          serviceNamespace: "dynamodb",
          resourceId: `table/${table.name}`,
          scalableDimension: `dynamodb:table:${word}CapacityUnits`,
          minCapacity: min,
          maxCapacity: max,
        }),
    );
    this.policies = this.targets.map(
      ({ resourceId, scalableDimension, serviceNamespace }, index) =>
        new AppautoscalingPolicy(
          new Construct(this, `${dimensions[index]}Policy`),
          `messages_${dimensions[index]?.toLowerCase()}`,
          {
            name: `messages-${dimensions[index]?.toLowerCase()}`,
            policyType: "TargetTrackingScaling",
            serviceNamespace,
            resourceId,
            scalableDimension,
            targetTrackingScalingPolicyConfiguration: {
              targetValue: 70,
              predefinedMetricSpecification: {
                predefinedMetricType: `DynamoDB${dimensions[index]}CapacityUtilization`,
              },
            },
          },
        ),
    );
  }
}
