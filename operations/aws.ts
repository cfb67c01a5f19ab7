/**
 * How the commands of day two reach AWS: by the credential chain and configuration that every AWS tool has, in a region
 * and with a profile that can be named. What AWS refuses is told in one sentence.
 */
import { type Command, Option } from "commander";
import { shown, UserError } from "../lib/user-error";

// Which Node is needed is the README's to say, not each command's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface AwsOptions {
  /** Profile of the AWS configuration. @default AWS_PROFILE, then the credential chain */
  readonly profile?: string;
  /** @default AWS_REGION, then the profile's */
  readonly region?: string;
}

/** Adds the options that all commands have. */
export function withAwsOptions(command: Command): Command {
  return command
    .addOption(new Option("--profile <name>", "profile of the AWS configuration (default: AWS_PROFILE)"))
    .addOption(
      new Option("--region <region>", "AWS region (default: AWS_REGION, then the profile's)").argParser(regionName),
    );
}

function regionName(text: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) return text;
  throw new UserError(`--region is ${shown(text)}: give an AWS region such as "eu-central-1".`);
}

/** What every client of the AWS SDK is made with; endpoints come from the environment (AWS_ENDPOINT_URL). */
export interface ClientConfig {
  readonly profile?: string;
  readonly region?: string;
  /** A call is tried so often, with the SDK's own back-off. */
  readonly maxAttempts: number;
}

export function clientConfig({ profile, region: named }: AwsOptions): ClientConfig {
  const region = named ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  return {
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    maxAttempts: 4,
  };
}

/** @returns the region that clients of this configuration call. @throws UserError where none is known */
export async function requireRegion(config: ClientConfig): Promise<string> {
  if (config.region !== undefined) return config.region;
  const { STSClient } = require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts");
  return new STSClient(config).config.region();
}

interface AwsError extends Error {
  readonly code?: string;
  /** Only errors that came as an answer have one. */
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const signIn =
  'sign in ("aws sso login", or new keys), name another profile with --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID';

/** What is wrong for which kind of answer. Names as services and SDK give them; each service has words of its own. */
const sentences: readonly (readonly [RegExp, (error: AwsError) => string])[] = [
  [/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/, () => `The AWS credentials have expired: ${signIn}.`],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId)$/,
    () => `AWS doesn't know these credentials: ${signIn}.`,
  ],
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    ({ message }) =>
      /expired/i.test(message)
        ? `The AWS credentials have expired: ${signIn}.`
        : `No AWS credentials were found: ${signIn}.`,
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    ({ message }) => `AWS denies this to these credentials: ${message.trim().replace(/\.$/, "")}.`,
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|TimeoutError|UnknownEndpoint)$/,
    ({ message }) =>
      `AWS can't be reached (${message.trim()}): check the network, the region (--region) and AWS_ENDPOINT_URL.`,
  ],
  [
    /^ClusterNotFoundException$/,
    () =>
      "There is no such ECS cluster in this account and region: deploy the app stack, or name another --region or --profile.",
  ],
  [
    /^(InvalidParameterException|TargetNotConnectedException|ClientException|UnsupportedFeatureException|ServiceNotActiveException|PlatformTaskDefinitionIncompatibilityException)$/,
    ({ message }) => `AWS refuses this: ${message.trim().replace(/\.$/, "")}.`,
  ],
  [
    /^(Throttling|ThrottlingException|TooManyRequestsException)$/,
    () => "AWS throttles these calls: try again in a minute.",
  ],
  [
    /^(RequestTimeTooSkewed|RequestExpired)$/,
    () => "AWS refuses the signature's time: set this machine's clock right.",
  ],
];

/** @returns what an error of the SDK means to the user; undefined where it isn't the user's */
export function awsUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const awsError = error as AwsError;
  if (/^Region is missing$/.test(error.message)) {
    return new UserError("No AWS region is known: give --region, or set AWS_REGION or the profile's region.");
  }
  for (const name of [awsError.name, awsError.code ?? ""]) {
    const found = sentences.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return new UserError(found[1](awsError));
  }
  const { httpStatusCode: status } = awsError.$metadata ?? {};
  if (awsError.name === "SyntaxError" && awsError.$metadata !== undefined) {
    return new UserError(
      `What answers isn't AWS${status === undefined ? "" : ` (HTTP ${status})`}: check the network's proxy and AWS_ENDPOINT_URL.`,
    );
  }
  if (status !== undefined && status >= 500) {
    return new UserError(`AWS fails with ${awsError.name} (HTTP ${status}), tried again in vain: try later.`);
  }
  return undefined;
}

/** Runs a command to its end; what AWS refuses is one sentence and the exit code 1. */
export function performOnAws(main: () => Promise<void>): void {
  main().catch((error) => {
    throw awsUserError(error) ?? error;
  });
}
