import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { AppAdditions } from "../../../additions/app";
import { NetworkAdditions } from "../../../additions/network";
import type { AppStack } from "../../../stacks/app";
import { makeStacks, synth, synthStack } from "../../support/synth";

// The examples of docs/additions.md.
class TeamAdditions extends AppAdditions {
  constructor(app: AppStack) {
    super(app);
    app.database.instance.allocatedStorage = 40;
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

describe("a team's additions", () => {
  test("as shipped, change nothing", () => {
    const { network, app } = makeStacks();
    new NetworkAdditions(network);
    new AppAdditions(app);
    expect(synthStack(network).json).toEqual(synth().network.json);
    expect(synthStack(app).json).toEqual(synth().app.json);
  });

  test("add resources and change arguments without a change to our files", () => {
    const { app } = makeStacks();
    new TeamAdditions(app);
    const { block, managed } = {
      block: synthStack(app).block.bind(synthStack(app)),
      managed: synthStack(app).managed(),
    };
    expect(block("aws_db_instance.cruddur").allocated_storage).toBe(40);
    expect(block("aws_cloudwatch_metric_alarm.database_storage").dimensions).toEqual({
      DBInstanceIdentifier: "${aws_db_instance.cruddur.identifier}",
    });
    expect(managed.filter((address) => !synth().app.managed().includes(address))).toEqual([
      "aws_cloudwatch_metric_alarm.database_storage",
    ]);
  });

  test("are held to the address rule", () => {
    const { app } = makeStacks();
    new EcrLifecyclePolicy(new AppAdditions(app), "Policy", { repository: "envoy", policy: "{}" });
    expect(() => synthStack(app)).toThrow("app/Additions/Policy has no Terraform name");
  });
});
