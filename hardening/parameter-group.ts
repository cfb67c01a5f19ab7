import { ParameterGroup } from "../constructs/rds/parameter-group";
import { hardeningScope } from "./scope";
import type { Hardened } from "./step";

const id = "cruddur";

/** What a plan shows for the first step that sets parameters; the group is the same for all. */
export const groupPlan = ["aws_db_instance update parameter_group_name", "aws_db_parameter_group create"];

export const groupNeeds =
  "An instance with a parameter group of your own would lose what that one sets: name it in database.parameterGroup, set the parameters there, and leave the step out.";

/** An argument that nobody sets stays as it is: without another group the instance would keep this one, which RDS then can't delete. */
export const groupBack =
  'Leave it out. With the last step that sets parameters, name the group that the instance gets instead: "database": { "parameterGroup": "default.postgres14" }.';

export function groupProblems({ settings }: Hardened): string[] {
  const { parameterGroup } = settings.database;
  return parameterGroup === undefined
    ? []
    : [`the database would lose the group ${parameterGroup} of database.parameterGroup: leave that setting out`];
}

/** Sets parameters of the database, in a group of its own that the steps share. */
export function setParameters({ app, settings }: Hardened, parameters: Readonly<Record<string, string>>): void {
  const scope = hardeningScope(app, "DatabaseParameters");
  const there = scope.node.tryFindChild(id);
  if (there instanceof ParameterGroup) {
    there.add(parameters);
    return;
  }
  const { engineVersion } = settings.database;
  app.database.instance.parameterGroupName = new ParameterGroup(scope, id, { engineVersion, parameters }).name;
}
