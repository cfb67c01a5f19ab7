import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { namesOf } from "../environment-names";

export interface AlarmProps
  extends Pick<CloudwatchMetricAlarmConfig, "namespace" | "metricName" | "dimensions" | "statistic" | "threshold"> {
  /** Follows the project's name: `backend-flask-5xx`. */
  readonly name: string;
  /** What it means and where to look, for who gets the message. */
  readonly description: string;
  /** @default "above" */
  readonly when?: "above" | "below";
  /** Minutes for which it must hold. */
  readonly minutes: number;
  readonly topicArn: string;
}

/** An alarm on one metric; it tells when it begins and when it is over. Where nothing is measured nothing is wrong. */
export function alarm(scope: Construct, id: string, props: AlarmProps): CloudwatchMetricAlarm {
  const { name, description, when = "above", minutes, topicArn, ...metric } = props;
  // Metrics of a minute: of a sum one period is looked at, of others each minute must be wrong.
  const isSum = metric.statistic === "Sum";
  return new CloudwatchMetricAlarm(scope, id, {
    ...metric,
    alarmName: namesOf(scope).alarm(name),
    alarmDescription: description,
    comparisonOperator: when === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
    period: isSum ? minutes * 60 : 60,
    evaluationPeriods: isSum ? 1 : minutes,
    treatMissingData: "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  });
}
