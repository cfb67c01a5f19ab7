/**
 * The settings: what a team chooses about its stacks, apart from what Terraform variables carry (domain, counts and
 * secrets). Each leaf's description says what is allowed; errors and `npm run settings` print it.
 */
import * as z from "zod";
import { clientIdPattern, userPoolIdPattern } from "../envoy/cognito";

/** Operators and versions of https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
const versionConstraint =
  /^\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*(,\s*((=|!=|>|>=|<|<=|~>)\s*)?\d+(\.\d+){0,2}(-[\w.]+)?\s*)*$/;

/** https://pkg.go.dev/github.com/distribution/reference, with a tag or a digest: a bare name would be whatever is latest. */
const imageReference =
  /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?(?<=:[^/]*)$/;

const text = () => z.string().regex(/^\S(.*\S)?$/);

const stateKey = () => z.string().regex(/^[^/\s](.*[^/\s])?$/);

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
  authz: z
    .boolean()
    .default(true)
    .describe("true or false: whether the authorizer runs as a service of its own, or Envoy verifies tokens itself"),
  envoy: z
    .strictObject({
      denialStatus: z
        .union([z.literal(401), z.literal(403)])
        .default(401)
        .describe("401 or 403: what a request that needs a valid token and has none is answered with"),
    })
    .prefault({}),
  honeycomb: z
    .strictObject({
      region: z
        .enum(["us", "eu"])
        .default("us")
        .describe('"us" or "eu": where the Honeycomb account lies that the collector and the backend send to'),
    })
    .prefault({}),
  backendTraces: z
    .enum(["xray", "collector"])
    .default("xray")
    .describe(
      '"xray" or "collector": the backend\'s traces go to X-Ray by its daemon and to Honeycomb, or by the collector to Honeycomb alone',
    ),
  allowedAccountIds: z
    .array(z.string().regex(/^\d{12}$/))
    .default([])
    .describe('a list of AWS account ids, such as ["123456789012"]: the only ones touched; empty for any'),
  backend: z
    .strictObject({
      type: z.enum(["local", "s3"]).default("local").describe('"local" or "s3"'),
      directory: text()
        .default(".")
        .describe("the folder of the local state files, relative to the project's or absolute"),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
        .optional()
        .describe("name of the S3 bucket that holds the states"),
      region: z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
        .optional()
        .describe('region of the bucket, such as "eu-central-1"; absent: the one of environment or profile'),
      keys: z
        .strictObject({
          network: stateKey().default("cruddur/network.tfstate").describe("key of the network's state in the bucket"),
          app: stateKey().optional().describe("key of the app's state in the bucket: the one that 02-app had"),
          images: stateKey().default("cruddur/images.tfstate").describe("key of the images' state in the bucket"),
        })
        .prefault({}),
      useLockfile: z.boolean().default(true).describe("true or false: lock by a file beside the state"),
      dynamodbTable: z
        .string()
        .regex(/^[\w.-]{3,255}$/)
        .optional()
        .describe("name of a DynamoDB table to lock in, with the hash key LockID; absent: none"),
      endpoint: z
        .string()
        .regex(/^https?:\/\/[^\s/]+\/?$/)
        .optional()
        .describe('URL of an S3-compatible store, such as "https://minio.example.com"; absent: AWS'),
      usePathStyle: z.boolean().default(false).describe("true or false: name the bucket in the path, not in the host"),
      profile: text().optional().describe("AWS profile for the states alone; absent: as for everything else"),
      roleArn: z
        .string()
        .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/)
        .optional()
        .describe("ARN of a role to assume for the states; absent: none"),
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
  images: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe("true or false: whether the stack images is there too, which builds and pushes by a Docker engine"),
      deploy: z
        .enum(["state", "hash"])
        .default("state")
        .describe('"state" or "hash": task definitions name the tags that the state has, or hashes of the content'),
      backendFlask: text()
        .optional()
        .describe(
          "folder of the team's backend, relative to the project's or absolute; absent: its image is not built",
        ),
      frontend: text()
        .optional()
        .describe(
          "folder of the team's frontend, relative to the project's or absolute; absent: its image is not built",
        ),
      pythonBase: z
        .string()
        .regex(imageReference)
        .default("python:3.10-slim-buster")
        .describe(
          'an image with tag or digest that is mirrored into cruddur-python, such as "python:3.10-slim-buster"',
        ),
      platform: z
        .string()
        .regex(/^linux\/[a-z0-9]+(\/v\d+)?$/)
        .default("linux/amd64")
        .describe('a platform that images are built for, such as "linux/amd64"'),
      userPoolId: z
        .string()
        .regex(userPoolIdPattern)
        .optional()
        .describe("id of the user pool, for the image of an Envoy that verifies tokens itself (authz is false)"),
      userPoolClientId: z
        .string()
        .regex(clientIdPattern)
        .optional()
        .describe(
          "id of the user pool's client, for the image of an Envoy that verifies tokens itself (authz is false)",
        ),
      dockerHost: z
        .string()
        .regex(/^(unix|tcp|ssh|npipe):\/\/\S+$/)
        .optional()
        .describe(
          'address of the Docker engine, such as "unix:///run/podman/podman.sock"; absent: DOCKER_HOST, or the default',
        ),
      registry: z
        .string()
        .regex(/^[a-z0-9.-]+(:\d+)?$/)
        .optional()
        .describe('host of another registry than ECR to build for and push to, such as "localhost:5000"; absent: ECR'),
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
