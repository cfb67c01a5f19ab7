import { MonitoringRole } from "../../constructs/rds/monitoring-role";
import { hardeningScope } from "../scope";
import type { Step } from "../step";

export const databaseInsights: Step = {
  name: "databaseInsights",
  sets: "Performance Insights with seven days of history, and the operating system's metrics each minute, by a role of their own.",
  plan: [
    "aws_db_instance update monitoring_interval monitoring_role_arn performance_insights_enabled",
    "aws_iam_role create",
  ],
  effect: "Nobody notices. You see which statements the database waits for.",
  cost: "low",
  costWhy: "Seven days of insights are free; the metrics are logs in CloudWatch.",
  closes: ["CKV_AWS_118", "CKV_AWS_353"],
  back: "Leaving it out switches both off and deletes the role.",
  apply: ({ app }) => {
    const { instance } = app.database;
    const role = new MonitoringRole(hardeningScope(app, "DatabaseInsights"), "rds_monitoring");
    instance.performanceInsightsEnabled = true;
    instance.monitoringInterval = 60;
    instance.monitoringRoleArn = role.arn;
  },
};
