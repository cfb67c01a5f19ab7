import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

export interface ParameterGroupProps {
  /** `14.6` */
  readonly engineVersion: string;
  /** Dynamic ones: they take no restart. */
  readonly parameters: Readonly<Record<string, string>>;
}

function listed(parameters: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(parameters).map(([name, value]) => ({ name, value }));
}

/**
 * PostgreSQL's parameters. The name has the major version: another family is another group.
 *
 * `aws_db_parameter_group.ID`
 */
export class ParameterGroup extends Construct {
  readonly group: DbParameterGroup;
  readonly name: string;
  private parameters: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { engineVersion, parameters }: ParameterGroupProps) {
    super(scope, id);
    const [major = ""] = engineVersion.split(".");
    this.group = new DbParameterGroup(this, "Group", {
      name: namesOf(this).databaseParameters(major),
      family: `postgres${major}`,
      parameter: listed(parameters),
      lifecycle: { createBeforeDestroy: true },
    });
    this.name = this.group.name;
    this.parameters = parameters;
  }

  add(parameters: Readonly<Record<string, string>>): void {
    this.parameters = { ...this.parameters, ...parameters };
    this.group.putParameter(listed(this.parameters));
  }
}
