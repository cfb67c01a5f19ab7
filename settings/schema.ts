/**
 * The settings: what a team chooses about its stacks, apart from what Terraform variables carry (domain, counts and
 * secrets). Each leaf says what it is for and what is allowed: `npm run settings` prints both, an error what is allowed.
 */
import * as z from "zod";
import { awsProviderAllowed, awsProviderProblem } from "./aws-provider";
import { backendSchema } from "./backend";
import { environmentName, subdomainName } from "./environment-name";
import { hardeningSchema } from "./hardening";
import { imagesSchema } from "./images";
import { lambdaFunctionsSchema } from "./lambda-functions";
import { text } from "./text";

/** Operators and versions of https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
const versionConstraint =
  /^\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*(,\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*)*$/;

const taskCount = z.number().int().min(0).max(5000);
const percent = z.number().min(1).max(100);

export const settingsSchema = z.strictObject({
  environment: environmentName,
  subdomain: subdomainName,
  awsProviderVersion: z
    .string()
    .regex(versionConstraint, { abort: true })
    .superRefine((constraint, context) => {
      const message = awsProviderProblem(constraint);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .default("5.100.0")
    .meta({
      purpose: "Which versions of the AWS provider Terraform may choose.",
      allowed: awsProviderAllowed,
    }),
  terraformEnvironment: z
    .array(z.string().regex(/^(?!TF_|TOFU_)[A-Za-z_]\w*$/))
    .default([])
    .meta({
      purpose: "Environment variables that Terraform gets for providers in additions/; TF_… never are among them.",
      allowed: 'a list of names of environment variables, such as ["CLOUDFLARE_API_TOKEN"]',
    }),
  variableFiles: z.array(text()).default([]).meta({
    purpose:
      "Files with values for the Terraform variables: for every command that has --var-file, where that isn't given.",
    allowed:
      'a list of paths, relative to the project\'s folder or absolute, such as ["team.tfvars"]; a later file wins',
  }),
  preventDestroy: z.boolean().default(true).meta({
    purpose: "Whether Terraform refuses to destroy database, table, user pool and repositories.",
    allowed: "true or false",
  }),
  preventDestroyExcept: z
    .array(z.enum(["repositories", "database", "table", "userPool"]))
    .default([])
    .meta({
      purpose:
        "What Terraform may destroy although preventDestroy is true: for one plan, as when a service is removed.",
      allowed: 'a list of "repositories", "database", "table" and "userPool"',
    }),
  authz: z.boolean().default(true).meta({
    purpose: "Whether the authorizer runs as a service of its own; otherwise Envoy verifies tokens itself.",
    allowed: "true or false",
  }),
  envoy: z
    .strictObject({
      denialStatus: z
        .union([z.literal(401), z.literal(403)])
        .default(401)
        .meta({
          purpose: "The HTTP status of a request that needs a valid token and has none.",
          allowed: "401 or 403",
        }),
    })
    .prefault({}),
  honeycomb: z
    .strictObject({
      region: z.enum(["us", "eu"]).default("us").meta({
        purpose: "Where your Honeycomb account is; collector and backend send traces there.",
        allowed: '"us" or "eu"',
      }),
    })
    .prefault({}),
  backendTraces: z.enum(["xray", "collector"]).default("xray").meta({
    purpose:
      "Where the backend's traces go: through its daemon to X-Ray and to Honeycomb, or through the collector to Honeycomb only.",
    allowed: '"xray" or "collector"',
  }),
  xrayDaemonTag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/)
    .optional()
    .meta({
      purpose: "Which version of the X-Ray daemon runs beside the backend; absent: the newest at each start of a task.",
      allowed: 'tag of public.ecr.aws/xray/aws-xray-daemon, such as "3.3.14"',
    }),
  allowedAccountIds: z
    .array(z.string().regex(/^\d{12}$/))
    .default([])
    .meta({
      purpose: "The only AWS accounts that may be touched; an empty list allows any.",
      allowed: 'a list of AWS account ids, such as ["123456789012"]',
    }),
  defaultTags: z
    .record(z.string().regex(/^(?!aws:).{1,128}$/is), z.string().max(256))
    .default({})
    .meta({
      purpose: "Tags on every resource that takes tags: the AWS provider's default_tags.",
      allowed: 'tags by key, such as {"team": "cruddur"}; keys that begin with aws: are AWS\'s own',
    }),
  backend: backendSchema,
  database: z
    .strictObject({
      instanceClass: z
        .string()
        .regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/)
        .default("db.t3.micro")
        .meta({ purpose: "The size of the database.", allowed: 'an RDS instance class such as "db.t3.micro"' }),
      engineVersion: z
        .string()
        .regex(/^\d+(\.\d+)*$/)
        .default("14.6")
        .meta({
          purpose: "The version of the database.",
          allowed: 'a PostgreSQL version such as "14.6", or "14" for the newest minor one',
        }),
      parameterGroup: z
        .string()
        .regex(/^[a-z](-?[a-z0-9.])*$/)
        .max(255)
        .optional()
        .meta({
          purpose: "The database's parameter group; absent: it keeps the one that it has.",
          allowed: 'name of a parameter group that is there, such as "default.postgres14"',
        }),
    })
    .prefault({}),
  logs: z
    .strictObject({
      retentionDays: z
        .union(
          [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].map(
            (days) => z.literal(days),
          ),
        )
        .default(1)
        .meta({
          purpose: "How long CloudWatch keeps the logs of the services.",
          allowed: "a number of days that CloudWatch offers, such as 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365",
        }),
    })
    .prefault({}),
  circuitBreaker: z.boolean().default(false).meta({
    purpose: "Whether ECS gives up a deployment whose tasks don't start, and goes back to the one before.",
    allowed: "true or false",
  }),
  autoscaling: z
    .record(
      text(),
      z
        .strictObject({
          min: taskCount,
          max: taskCount,
          cpuPercent: percent.optional(),
          memoryPercent: percent.optional(),
        })
        .refine(({ min, max }) => min <= max, "min is more than max")
        .refine((range) => range.cpuPercent ?? range.memoryPercent, "it has neither cpuPercent nor memoryPercent"),
    )
    .default({})
    .meta({
      purpose: "How many tasks a service runs, by its load; ecs_service_desired_count then doesn't count for it.",
      allowed:
        'ranges by service, such as {"backend-flask": {"min": 1, "max": 4, "cpuPercent": 60}}, with cpuPercent, memoryPercent or both',
    }),
  alarms: z
    .strictObject({
      enabled: z.boolean().default(false).meta({
        purpose: "Whether errors, unhealthy targets, a full database and stopped tasks are told to an SNS topic.",
        allowed: "true or false",
      }),
      emails: z.array(z.email()).default([]).meta({
        purpose: "Who gets the alarms; AWS asks each address to confirm.",
        allowed: 'a list of mail addresses, such as ["team@example.com"]',
      }),
      databaseConnections: z.number().int().positive().default(60).meta({
        purpose: "How many connections to the database are too many; db.t3.micro takes about 80.",
        allowed: "a whole number from 1",
      }),
    })
    .prefault({}),
  hardening: hardeningSchema,
  sqlFiles: z
    .strictObject({
      schema: z.array(text()).default([]).meta({
        purpose: "Your SQL files that make the tables: for bin/db/schema-load and bin/db/setup.",
        allowed:
          'a list of paths, relative to the project\'s folder or absolute, such as ["../backend-flask/db/schema.sql"]',
      }),
      seed: z.array(text()).default([]).meta({
        purpose: "Your SQL files that fill the tables: for bin/db/seed and bin/db/setup.",
        allowed:
          'a list of paths, relative to the project\'s folder or absolute, such as ["../backend-flask/db/seed.sql"]',
      }),
    })
    .prefault({}),
  lambdaFunctions: lambdaFunctionsSchema,
  images: imagesSchema,
  subnetFilters: z.record(text(), z.array(text()).min(1)).default({}).meta({
    purpose: "Which subnets of the default VPC are used; empty: all.",
    allowed: 'filters of the EC2 API, name to values, such as {"availability-zone": ["eu-west-1a"]}',
  }),
});

export type Settings = z.output<typeof settingsSchema>;
