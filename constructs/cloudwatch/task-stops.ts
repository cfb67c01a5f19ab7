import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import type { Cluster } from "../ecs/cluster";
import { namesOf } from "../environment-names";
import { jsonDocument } from "../terraform/json-document";

export interface TaskStopsProps {
  readonly cluster: Cluster;
  readonly topicArn: string;
}

/**
 * Tells of each task that stopped by itself, with the reason; those that a deployment or a person stops aren't told.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 *
 * `aws_cloudwatch_event_rule.ID`, `aws_cloudwatch_event_target.ID`
 */
export class TaskStops extends Construct {
  readonly rule: CloudwatchEventRule;
  readonly target: CloudwatchEventTarget;

  constructor(scope: Construct, id: string, { cluster, topicArn }: TaskStopsProps) {
    super(scope, id);
    this.rule = new CloudwatchEventRule(this, "Rule", {
      name: namesOf(this).taskStopsRule,
      description: "Tasks that stopped by themselves",
      eventPattern: jsonDocument({
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: {
          clusterArn: [cluster.cluster.arn],
          lastStatus: ["STOPPED"],
          stopCode: ["TaskFailedToStart", "EssentialContainerExited"],
        },
      }),
    });
    this.target = new CloudwatchEventTarget(this, "Target", {
      rule: this.rule.name,
      arn: topicArn,
      inputTransformer: {
        inputPaths: {
          group: "$.detail.group",
          task: "$.detail.taskArn",
          code: "$.detail.stopCode",
          reason: "$.detail.stoppedReason",
        },
        inputTemplate: '"A task of <group> stopped: <code>: <reason> (<task>). See bin/ecs/status and bin/ecs/logs."',
      },
    });
  }
}
