import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Database } from "../rds/database";
import { alarm } from "./alarm";

export interface DatabaseAlarmsProps {
  readonly database: Database;
  /** Of connections. */
  readonly mostConnections: number;
  readonly topicArn: string;
}

const GiB = 1024 ** 3;

/**
 * Whether the database is about to be full: of records, or of connections.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 *
 * `aws_cloudwatch_metric_alarm.database_storage`, `aws_cloudwatch_metric_alarm.database_connections`
 */
export class DatabaseAlarms extends Construct {
  readonly storage: CloudwatchMetricAlarm;
  readonly connections: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, { database, mostConnections, topicArn }: DatabaseAlarmsProps) {
    super(scope, id);
    const of = {
      namespace: "AWS/RDS",
      dimensions: { DBInstanceIdentifier: database.instance.identifier },
      topicArn,
      minutes: 5,
    };
    this.storage = alarm(this, "database_storage", {
      ...of,
      name: "database-storage",
      description: "Less than 2 GiB of the database's storage are free.",
      metricName: "FreeStorageSpace",
      statistic: "Minimum",
      when: "below",
      threshold: 2 * GiB,
    });
    this.connections = alarm(this, "database_connections", {
      ...of,
      name: "database-connections",
      description: `More than ${mostConnections} connections to the database. See bin/db/sessions.`,
      metricName: "DatabaseConnections",
      statistic: "Maximum",
      threshold: mostConnections,
    });
  }
}
