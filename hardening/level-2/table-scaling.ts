import { TableScaling } from "../../constructs/dynamodb/table-scaling";
import { hardeningScope } from "../scope";
import type { Step } from "../step";

/** The state has 5, so that nothing is slower than before. */
const range = { min: 5, max: 50 };

export const tableScaling: Step = {
  name: "tableScaling",
  sets: `The table's capacity follows its load, from ${range.min} to ${range.max} units; its index keeps what it has.`,
  plan: ["aws_appautoscaling_policy create", "aws_appautoscaling_target create"],
  effect: "Many requests at once are no longer refused after a few minutes.",
  cost: "low",
  costWhy: "More units while there is more load; a unit for a month is about 0.50.",
  closes: ["CKV2_AWS_16"],
  back: "Leave it out: the table has the capacity that it had before.",
  apply: ({ app }) => {
    const { table } = app.messages;
    new TableScaling(hardeningScope(app, "TableScaling"), "Scaling", { ...range, table });
    table.lifecycle = { ...table.lifecycle, ignoreChanges: ["read_capacity", "write_capacity"] };
  },
};
