// Tests of a team's services and additions: this folder is the team's, an update leaves it alone (docs/testing.md).
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { AppStack } from "../../stacks/app";
import { synth, synthProject } from "../../tools/testing";

test("our stacks keep every address", () => {
  expect(synthProject()).toKeepAddresses();
});

// An example. Put your own into additions/app.ts, and import it from there.
class ExampleAdditions extends Construct {
  constructor(app: AppStack) {
    super(app, "Additions");
    new CloudwatchMetricAlarm(this, "database_storage", {
      alarmName: "cruddur-database-storage",
      namespace: "AWS/RDS",
      metricName: "FreeStorageSpace",
      dimensions: { DBInstanceIdentifier: app.database.instance.identifier },
      comparisonOperator: "LessThanThreshold",
      threshold: 2 * 1024 ** 3,
      statistic: "Minimum",
      period: 300,
      evaluationPeriods: 3,
    });
  }
}

describe("the alarm on the database's storage", () => {
  const stacks = synth({ additions: { app: ExampleAdditions } });

  test("watches our database", () => {
    expect(stacks.resource("aws_cloudwatch_metric_alarm.database_storage").dimensions).toEqual({
      DBInstanceIdentifier: "${aws_db_instance.cruddur.identifier}",
    });
  });

  test("goes off below 2 GiB", () => {
    // cdktf's matcher passes when any alarm of the stack is so; the address above tells them apart.
    expect(stacks.app.text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      comparison_operator: "LessThanThreshold",
      threshold: 2147483648,
    });
  });
});
