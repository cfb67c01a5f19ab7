/**
 * How the AWS SDK reaches what an S3 backend reaches, by the same profile or the environment's credentials. The SDK is
 * loaded only where a state lies in S3; the runner's bundle knows no dynamic import.
 */
import { printable } from "../lib/printable";
import type { Backend } from "./place";

interface S3Arguments {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoints?: { readonly s3?: string; readonly dynamodb?: string };
  readonly use_path_style?: boolean;
}

function options({ arguments: given }: Backend) {
  // Its announcement of the end of Node 20's support is of no use to who splits a state.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { region, profile, endpoints, use_path_style } = given as S3Arguments;
  return { sdk: { region, profile }, endpoints, use_path_style };
}

export function s3Client(backend: Backend) {
  const library = require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
  const { sdk, endpoints, use_path_style } = options(backend);
  return {
    ...library,
    client: new library.S3Client({ ...sdk, endpoint: endpoints?.s3, forcePathStyle: use_path_style }),
  };
}

export function dynamodbClient(backend: Backend) {
  const library = require("@aws-sdk/client-dynamodb") as typeof import("@aws-sdk/client-dynamodb");
  const { sdk, endpoints } = options(backend);
  return { ...library, client: new library.DynamoDBClient({ ...sdk, endpoint: endpoints?.dynamodb }) };
}

/** What AWS says, in one line: the error's name and its words. */
export function awsWords(error: unknown): string {
  const { name, message } = error as Error;
  const words = printable(message.replace(/\s+/g, " ").trim()).replace(/\.$/, "");
  return words === "" || words === name || words === "UnknownError" ? name : `${name}: ${words}`;
}
