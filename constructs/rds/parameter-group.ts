import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

export interface ParameterGroupProps {
  /** `14.6` */
  readonly engineVersion: string;
}

/** Changes of the schema, and statements that take a second. All of these are dynamic: they take no restart. */
const logged = { log_statement: "ddl", log_min_duration_statement: "1000" };

/**
 * PostgreSQL's parameters. The name has the major version: another family is another group.
 *
 * `aws_db_parameter_group.ID`
 */
export class ParameterGroup extends Construct {
  readonly group: DbParameterGroup;
  readonly name: string;

  constructor(scope: Construct, id: string, { engineVersion }: ParameterGroupProps) {
    super(scope, id);
    const [major = ""] = engineVersion.split(".");
    this.group = new DbParameterGroup(this, "Group", {
      name: namesOf(this).databaseParameters(major),
      family: `postgres${major}`,
      parameter: Object.entries(logged).map(([name, value]) => ({ name, value })),
      lifecycle: { createBeforeDestroy: true },
    });
    this.name = this.group.name;
  }
}
