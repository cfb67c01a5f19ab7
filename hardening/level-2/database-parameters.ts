import { groupBack, groupNeeds, groupPlan, groupProblems, setParameters } from "../parameter-group";
import type { Step } from "../step";

export const databaseParameters: Step = {
  name: "databaseParameters",
  sets: "The database logs changes of its schema, and statements that take longer than a second.",
  plan: groupPlan,
  effect: "The new parameters count from the database's next restart; RDS doesn't restart it for them.",
  cost: "none",
  needs: groupNeeds,
  closes: ["CKV2_AWS_30"],
  back: groupBack,
  problems: groupProblems,
  apply: (hardened) => setParameters(hardened, { log_statement: "ddl", log_min_duration_statement: "1000" }),
};
