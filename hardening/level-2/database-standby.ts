import type { Step } from "../step";

export const databaseStandby: Step = {
  name: "databaseStandby",
  sets: "A standby of the database in another availability zone.",
  plan: ["aws_db_instance update multi_az"],
  effect:
    "The database survives the loss of a zone, with a pause of one or two minutes. While the standby is made, writes are slower.",
  cost: "high",
  costWhy: "A second database.",
  closes: ["CKV_AWS_157"],
  apply: ({ app }) => {
    app.database.instance.multiAz = true;
  },
};
