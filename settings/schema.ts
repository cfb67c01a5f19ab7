/**
 * The settings: what a team chooses about its stacks, apart from what Terraform variables carry (domain, counts and
 * secrets). Each leaf's description says what is allowed; errors and `npm run settings` print it.
 */
import * as z from "zod";

/** Operators and versions of https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
const versionConstraint =
  /^\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*(,\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*)*$/;

const text = () => z.string().regex(/^\S(.*\S)?$/);

export const settingsSchema = z.strictObject({
  awsProviderVersion: z
    .string()
    .regex(versionConstraint)
    .default("5.100.0")
    .describe(
      'a Terraform version constraint on hashicorp/aws, 4.55 or later and below 6, such as "5.100.0" or "~> 4.67"',
    ),
  preventDestroy: z
    .boolean()
    .default(true)
    .describe("true or false: whether Terraform refuses to destroy database, table, user pool and repositories"),
  authz: z.boolean().default(true).describe("true or false: whether the authorizer runs as a service of its own"),
  backend: z
    .strictObject({
      type: z.enum(["local"]).default("local").describe('"local"'),
      directory: text()
        .default(".")
        .describe("the folder of the local state files, relative to the project's or absolute"),
    })
    .prefault({}),
  database: z
    .strictObject({
      instanceClass: z
        .string()
        .regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/)
        .default("db.t3.micro")
        .describe('an RDS instance class such as "db.t3.micro"'),
      engineVersion: z
        .string()
        .regex(/^\d+(\.\d+)*$/)
        .default("14.6")
        .describe('a PostgreSQL version such as "14.6", or "14" for the newest minor one'),
    })
    .prefault({}),
  lambdaFunctions: z
    .strictObject({
      postConfirmation: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .default("PostUserConfirmationTrigger")
        .describe("name of the deployed Lambda function that Cognito calls after a sign-up"),
      messageStream: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .default("MessageStream")
        .describe("name of the deployed Lambda function that reads the message table's stream"),
    })
    .prefault({}),
  subnetFilters: z
    .record(text(), z.array(text()).min(1))
    .default({})
    .describe(
      'filters of the EC2 API on the default VPC\'s subnets, name to values, such as {"availability-zone": ["eu-west-1a"]}',
    ),
});

export type Settings = z.output<typeof settingsSchema>;
