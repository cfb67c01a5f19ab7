import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html */
export const databaseLogs: Step = {
  name: "databaseLogs",
  sets: "The database's log and that of its upgrades go to CloudWatch, too.",
  plan: ["aws_db_instance update enabled_cloudwatch_logs_exports"],
  effect: "Nobody notices. RDS makes a log group of its own, /aws/rds/instance/…, which it never empties.",
  cost: "low",
  costWhy: "The log lines in CloudWatch.",
  closes: ["CKV_AWS_129"],
  apply: ({ app }) => {
    app.database.instance.enabledCloudwatchLogsExports = ["postgresql", "upgrade"];
  },
};
