import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import type { StackId } from "../../services/names";

/** A Terraform variable of 02-app. All are strings, and all keep their names: a team's tfvars go on working. */
export interface VariableDefinition {
  readonly name: string;
  readonly description: string;
  /** The stacks that read it. In the others it is declared but optional, so that one tfvars file serves both. */
  readonly stacks: readonly StackId[];
  /** @default a stack that reads it requires it */
  readonly optional?: boolean;
  /** @default false: Terraform may print the value */
  readonly sensitive?: boolean;
  /** @default any text */
  readonly rule?: { readonly condition: string; readonly message: string };
}

const notEmpty = (name: string) => ({
  condition: `length(var.${name}) > 0`,
  message: `The variable ${name} must not be empty.`,
});

function secret(name: string, description: string): VariableDefinition {
  return { name, description, stacks: ["app"], sensitive: true, rule: notEmpty(name) };
}

export const variableDefinitions = [
  {
    name: "cruddur_dns_name",
    description: "The domain that the app answers on; a public hosted zone of this name exists.",
    stacks: ["network", "app", "images"],
    // RFC 1035 section 2.3.1 with the lengths of 2.3.4, in lower case as Route 53 keeps names.
    rule: {
      condition:
        'length(var.cruddur_dns_name) <= 253 && can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.cruddur_dns_name))',
      message:
        'The variable cruddur_dns_name must be a domain name in lower case, without scheme, port, path or trailing dot, such as "cruddur.example.com".',
    },
  },
  {
    name: "ecs_service_desired_count",
    description: "How many tasks each service runs.",
    stacks: ["app"],
    rule: {
      condition: 'can(regex("^[0-9]{1,4}$", var.ecs_service_desired_count))',
      message: 'The variable ecs_service_desired_count must be a whole number from 0 to 9999, such as "1".',
    },
  },
  {
    name: "cognito_user_pool_id",
    description: "Id of the user pool, as backend and authorizer get it.",
    stacks: ["app", "images"],
    rule: notEmpty("cognito_user_pool_id"),
  },
  {
    name: "cognito_user_pool_client_id",
    description: "Id of the user pool's client, as backend and authorizer get it.",
    stacks: ["app", "images"],
    rule: notEmpty("cognito_user_pool_client_id"),
  },
  secret("db_username", "Master user of the database."),
  secret("db_password", "Password of the database's master user."),
  secret("db_connection_url", "URL with which the backend connects to the database."),
  secret("honeycomb_api_key", "Key for sending traces to Honeycomb."),
  secret("rollbar_access_token", "Token for reporting the backend's errors to Rollbar."),
  {
    name: "gitpod_cidr_block",
    description: "Read by nothing; declared because tfvars files set it.",
    stacks: ["network"],
    optional: true,
  },
  {
    name: "aws_profile",
    description: "Profile of the AWS configuration. Absent: the AWS credential chain.",
    stacks: ["network", "app"],
    optional: true,
  },
  {
    name: "aws_shared_config_file",
    description: "Path of an AWS configuration file. Absent: the AWS default.",
    stacks: ["network", "app"],
    optional: true,
  },
  {
    name: "aws_shared_credentials_file",
    description: "Path of an AWS credentials file. Absent: the AWS default.",
    stacks: ["network", "app"],
    optional: true,
  },
] as const satisfies readonly VariableDefinition[];

export type VariableName = (typeof variableDefinitions)[number]["name"];

export interface VariablesProps {
  readonly stack: StackId;
  /** Further sensitive variables, which the app reads: those of services' own secrets. @default none */
  readonly secrets?: readonly string[];
}

/** The variables of one stack, at `var.NAME`. */
export class Variables extends Construct {
  readonly byName: ReadonlyMap<string, TerraformVariable>;

  constructor(scope: Construct, id: string, props: VariablesProps) {
    super(scope, id);
    const byName = new Map<string, TerraformVariable>();
    const own = (props.secrets ?? []).map((name) => secret(name, "A service's own secret."));
    for (const definition of [...(variableDefinitions as readonly VariableDefinition[]), ...own]) {
      const { name, description, stacks, optional = false, sensitive, rule } = definition;
      const required = stacks.includes(props.stack) && !optional;
      // By a conditional: up to Terraform 1.11, || evaluates both of its sides, and length(null) is an error.
      const condition = required ? rule?.condition : `var.${name} == null ? true : ${rule?.condition}`;
      const variable = new TerraformVariable(this, name, {
        type: "string",
        description,
        sensitive,
        validation: rule && [{ condition: `\${${condition}}`, errorMessage: rule.message }],
      });
      // `default: null` in the constructor's properties makes cdktf 0.21 throw.
      if (!required) variable.addOverride("default", null);
      byName.set(name, variable);
    }
    this.byName = byName;
  }

  /** The variable's value as an expression. */
  value(name: VariableName): string {
    return this.get(name).stringValue;
  }

  /** The value of a service's own secret. */
  secret(name: string): string {
    return this.get(name).stringValue;
  }

  /** The value as a number: `desired_count` is declared a string. */
  numberValue(name: VariableName): number {
    return this.get(name).numberValue;
  }

  private get(name: string): TerraformVariable {
    const variable = this.byName.get(name);
    if (variable === undefined) throw new Error(`No variable ${name}`);
    return variable;
  }
}
