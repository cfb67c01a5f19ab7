/** Where the states are, and how they are reached and locked. */
import * as z from "zod";
import { text } from "./text";

const stateKey = () => z.string().regex(/^[^/\s](.*[^/\s])?$/);

export const backendSchema = z
  .strictObject({
    type: z
      .enum(["local", "s3"])
      .default("local")
      .meta({ purpose: "Where the states are: in files, or in S3.", allowed: '"local" or "s3"' }),
    directory: text()
      .default(".")
      .meta({ purpose: "Where local state files are.", allowed: "a folder, relative to the project's or absolute" }),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .meta({ purpose: "The S3 bucket that holds the states.", allowed: "name of an S3 bucket" }),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional()
      .meta({
        purpose: "The bucket's region; absent: the one of environment or profile.",
        allowed: 'an AWS region, such as "eu-central-1"',
      }),
    keys: z
      .strictObject({
        network: stateKey().default("cruddur/network.tfstate").meta({
          purpose: "Where the network's state is in the bucket.",
          allowed: "key of the network's state in the bucket",
        }),
        app: stateKey().optional().meta({
          purpose: "Where the app's state is in the bucket: where 02-app had its own.",
          allowed: "key of the app's state in the bucket",
        }),
        images: stateKey().default("cruddur/images.tfstate").meta({
          purpose: "Where the images' state is in the bucket.",
          allowed: "key of the images' state in the bucket",
        }),
      })
      .prefault({}),
    useLockfile: z
      .boolean()
      .default(true)
      .meta({ purpose: "Whether S3 states are locked by a file beside them.", allowed: "true or false" }),
    dynamodbTable: z
      .string()
      .regex(/^[\w.-]{3,255}$/)
      .optional()
      .meta({
        purpose: "Where S3 states are locked besides; absent: in no table.",
        allowed: "name of a DynamoDB table with the hash key LockID",
      }),
    endpoint: z
      .string()
      .regex(/^https?:\/\/[^\s/]+\/?$/)
      .optional()
      .meta({
        purpose: "Where the bucket is, when it isn't at AWS.",
        allowed: 'URL of an S3-compatible store, such as "https://minio.example.com"',
      }),
    usePathStyle: z
      .boolean()
      .default(false)
      .meta({ purpose: "Whether the bucket is named in the URL's path, not in its host.", allowed: "true or false" }),
    profile: text().optional().meta({
      purpose: "Whose credentials reach the states; absent: those for everything else.",
      allowed: "name of an AWS profile",
    }),
    roleArn: z
      .string()
      .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/)
      .optional()
      .meta({
        purpose: "The role to assume for the states; absent: none.",
        allowed: 'ARN of an IAM role, such as "arn:aws:iam::123456789012:role/states"',
      }),
  })
  .prefault({});
