import { ParameterGroup } from "../../constructs/rds/parameter-group";
import { hardeningScope } from "../scope";
import type { Step } from "../step";

export const databaseParameters: Step = {
  name: "databaseParameters",
  sets: "The database logs changes of its schema, and statements that take longer than a second.",
  plan: ["aws_db_instance update parameter_group_name", "aws_db_parameter_group create"],
  effect: "The new parameters count from the database's next restart; RDS doesn't restart it for them.",
  cost: "none",
  needs: "An instance with a parameter group of its own loses what that one sets: then leave the step out.",
  closes: ["CKV2_AWS_30"],
  back: "Leaving it out leaves the instance with the group, which then can't be deleted: set parameter_group_name to default.postgres14 in additions/app.ts first, deploy, and then leave it out.",
  apply: ({ app, settings }) => {
    const { engineVersion } = settings.database;
    const group = new ParameterGroup(hardeningScope(app, "DatabaseParameters"), "cruddur", { engineVersion });
    app.database.instance.parameterGroupName = group.name;
  },
};
