/**
 * How the commands of day two reach AWS: by the credential chain and configuration that every AWS tool has, in a region
 * and with a profile that can be named. What AWS refuses is told in one sentence.
 */
import type { STSClientConfig } from "@aws-sdk/client-sts";
import { printable } from "../lib/printable";
import { shown, UserError } from "../lib/user-error";
import { environmentProfile } from "./profile";

// Which Node is needed is the README's to say, not each command's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface AwsOptions {
  /** Profile of the AWS configuration. @default AWS_PROFILE, then the credential chain */
  readonly profile?: string;
  /** @default AWS_REGION, then the profile's */
  readonly region?: string;
}

/** What every client of the AWS SDK is made with; endpoints come from the environment (AWS_ENDPOINT_URL). */
export interface ClientConfig {
  readonly profile?: string;
  readonly region?: string;
  /** @default the SDK's chain, from the profile */
  readonly credentials?: STSClientConfig["credentials"];
  /** A call is tried so often, with the SDK's own back-off. */
  readonly maxAttempts: number;
}

export function clientConfig({ profile: given, region: named }: AwsOptions): ClientConfig {
  // The SDK itself reads AWS_PROFILE alone.
  const profile = given ?? (process.env.AWS_PROFILE ? undefined : environmentProfile()?.name);
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
  /** What the SDK gives every error of a call; a status only where there was an answer. */
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Of an AggregateError: one for each address that was tried. */
  readonly errors?: readonly Error[];
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
    (error) => {
      if (/expired/i.test(error.message)) return `The AWS credentials have expired: ${signIn}.`;
      return `${isWithoutCredentials(error) ? "No AWS credentials were found" : `There are no AWS credentials (${said(error)})`}: ${signIn}.`;
    },
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    (error) => `AWS denies this to these credentials: ${said(error)}.`,
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|ETIMEDOUT|TimeoutError|UnknownEndpoint)$/,
    (error) => `AWS can't be reached (${said(error)}): check the network, the region (--region) and AWS_ENDPOINT_URL.`,
  ],
  [
    /^(InvalidParameterException|TargetNotConnectedException|ClientException|UnsupportedFeatureException|ServiceNotActiveException|PlatformTaskDefinitionIncompatibilityException)$/,
    (error) => `AWS refuses this: ${said(error)}.`,
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

/** @throws UserError for an endpoint of the environment that is no URL: the SDK would end in the parser's error */
export function requireEndpoints(environment: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!/^AWS_ENDPOINT_URL(_|$)/.test(name) || !value) continue;
    if (/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "")) continue;
    throw new UserError(`${name} is ${shown(value)}: give a URL such as "http://localhost:4566", or unset it.`);
  }
}

/** Whether the SDK has found no credentials anywhere. */
export function isWithoutCredentials(error: unknown): boolean {
  return error instanceof Error && /^Could not load credentials from any providers$/.test(error.message);
}

/** @returns what an error of the SDK means to the user; undefined where it isn't the user's */
export function awsUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  const awsError = error as AwsError;
  if (/^Region is missing$/.test(error.message)) {
    return new UserError("No AWS region is known: give --region, or set AWS_REGION or the profile's region.");
  }
  const region = /^Region not accepted: region="(.*)" is not/s.exec(error.message)?.[1];
  if (region !== undefined) {
    return new UserError(
      `The AWS region is ${shown(region)}: give one such as "eu-central-1", by --region, AWS_REGION or the profile.`,
    );
  }
  for (const name of [awsError.name, awsError.code ?? ""]) {
    const found = sentences.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return new UserError(found[1](awsError));
  }
  const { name, code, $metadata } = awsError;
  if ($metadata === undefined) return undefined;
  const { httpStatusCode: status } = $metadata;
  if (name === "SyntaxError") {
    return new UserError(
      `What answers isn't AWS${status === undefined ? "" : ` (HTTP ${status})`}: check the network's proxy and AWS_ENDPOINT_URL.`,
    );
  }
  if (status === undefined) {
    return new UserError(`The call to AWS failed: ${said(awsError)}${code === undefined ? "" : ` (${code})`}.`);
  }
  if (status >= 500) {
    return new UserError(`AWS fails with ${name} (HTTP ${status}), tried again in vain: ${said(awsError)}. Try later.`);
  }
  return new UserError(`AWS refuses this with ${name} (HTTP ${status}): ${said(awsError)}.`);
}

/** The same, of what is certainly the SDK's: a connection that is refused can be anybody's. */
export function sdkUserError(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { $metadata, name } = error as AwsError;
  return $metadata !== undefined || /^(Credentials|Token)ProviderError$/.test(name) ? awsUserError(error) : undefined;
}

/** AWS's own words, in one line and without a full stop. */
function said({ message, name, code, errors: [first] = [] }: AwsError): string {
  const own = message.trim() === "" || message === "UnknownError" ? first?.message : message;
  // What a terminal would obey, too.
  const line = printable((own ?? "").replace(/[\s\p{Cc}]+/gu, " ").trim()).replace(/\.$/, "");
  return line === "" ? `${code ?? name}, without a word more` : line;
}
