import type { Step } from "../step";

export const tableRecovery: Step = {
  name: "tableRecovery",
  sets: "Point-in-time recovery of the table of messages.",
  plan: ["aws_dynamodb_table update point_in_time_recovery"],
  effect: "Nobody notices. The table can be restored, as a new one, to any second of the last 35 days.",
  cost: "low",
  costWhy: "0.20 to 0.30 a GB.",
  closes: ["CKV_AWS_28"],
  back: "Leaving it out keeps the recovery on: set point_in_time_recovery in additions/app.ts to switch it off.",
  apply: ({ app }) => app.messages.table.putPointInTimeRecovery({ enabled: true }),
};
