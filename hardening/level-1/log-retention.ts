import type { Step } from "../step";

/** What checkov, and most rules on audits, ask for. */
const days = 365;

export const logRetention: Step = {
  name: "logRetention",
  sets: `The logs of the services are kept for ${days} days, or for longer where logs.retentionDays says so.`,
  plan: ["aws_cloudwatch_log_group update retention_in_days"],
  effect: "Nobody notices. Who investigates finds more than yesterday.",
  cost: "low",
  costWhy: "0.03 a GB and month.",
  closes: ["CKV_AWS_338"],
  back: "Leaving it out deletes the log lines that are older than logs.retentionDays.",
  apply: ({ app, settings }) => {
    app.cluster.logGroup.retentionInDays = Math.max(days, settings.logs.retentionDays);
  },
};
