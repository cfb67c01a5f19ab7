import { ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { Command } from "commander";
import { withAwsOptions } from "../../../commands/shared/aws";
import { UserError } from "../../../lib/user-error";
import { type AwsOptions, awsUserError, clientConfig, requireEndpoints } from "../../../operations/aws";
import { answering } from "../../support/answering";

function named(name: string, message = "said AWS", more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

test.each<[string, Error, RegExp]>([
  ["expired", named("ExpiredTokenException"), /have expired: sign in/],
  ["expired by single sign-on", named("CredentialsProviderError", "The SSO session has expired."), /have expired/],
  ["none", named("CredentialsProviderError", "Could not load credentials from any providers"), /^No AWS credentials/],
  ["unknown", named("UnrecognizedClientException"), /doesn't know these credentials/],
  [
    "denied",
    named("AccessDeniedException", "User: u is not authorized to perform: ecs:UpdateService."),
    /denies this to these credentials: User: u is not authorized to perform: ecs:UpdateService\.$/,
  ],
  ["unreachable", named("Error", "connect ECONNREFUSED 127.0.0.1:1", { code: "ECONNREFUSED" }), /can't be reached/],
  ["no region", named("Error", "Region is missing"), /^No AWS region is known: give --region/],
  [
    "unreachable at any address",
    named("AggregateError", "", { code: "ECONNREFUSED", errors: [new Error("connect ECONNREFUSED ::1:1")] }),
    /can't be reached \(connect ECONNREFUSED ::1:1\)/,
  ],
  [
    "a profile of single sign-on",
    named("CredentialsProviderError", "The SSO session token is invalid."),
    /^There are no AWS credentials \(The SSO session token is invalid\): sign in/,
  ],
  [
    "no trust",
    named("Error", "self-signed certificate in certificate chain", {
      code: "SELF_SIGNED_CERT_IN_CHAIN",
      $metadata: { attempts: 1 },
    }),
    /^The call to AWS failed: self-signed certificate in certificate chain \(SELF_SIGNED_CERT_IN_CHAIN\)\.$/,
  ],
])("%s", (_what, error, sentence) => {
  const userError = awsUserError(error);
  expect(userError).toBeInstanceOf(UserError);
  expect(userError?.message).toMatch(sentence);
  expect(userError?.message).not.toContain("\n");
});

test.each<[string, number, string, RegExp]>([
  ["fails", 500, '{"__type":"ServerException"}', /^AWS fails with ServerException \(HTTP 500\)/],
  ["has another time", 400, '{"__type":"RequestTimeTooSkewed"}', /set this machine's clock right/],
  ["isn't AWS, and says so by its status", 502, "<html>proxy</html>", /^What answers isn't AWS/],
  ["isn't AWS, and says that all is well", 200, "<html>sign in</html>", /^What answers isn't AWS/],
])("who answers the SDK %s", async (_what, status, body, sentence) => {
  const aws = await answering(() => ({ status, body }));
  const client = new ECSClient(aws.config);
  try {
    const error = await client.send(new ListServicesCommand({})).catch((thrown: unknown) => thrown);
    expect(awsUserError(error)?.message).toMatch(sentence);
  } finally {
    client.destroy();
    aws.stop();
  }
});

/** Names that services have, and that nothing here knows. */
const unheard = [
  ...["NamespaceNotFoundException", "PlatformUnknownException", "BlockedException", "UpdateInProgressException"],
  ...["ServiceNotFoundException", "LimitExceededException", "AttributeLimitExceededException", "ConflictException"],
  ...[
    "ClusterContainsTasksException",
    "ResourceInUseException",
    "MissingVersionException",
    "NoUpdateAvailableException",
  ],
  ...["ServerException2", "KmsException", "InvalidLayerException", "LayersNotFoundException", "OptInRequired"],
  ...["TargetNotFoundException", "AccountSuspended", "SomethingThatNobodyHasHeardOf"],
];

test.each(unheard)("%s ends in one sentence with AWS's own words", async (name) => {
  const said = "The namespace cruddur\u001b[31m\n  isn't there.";
  const aws = await answering(() => ({ status: 400, body: JSON.stringify({ __type: name, message: said }) }));
  const client = new ECSClient(aws.config);
  try {
    const error = await client.send(new ListServicesCommand({})).catch((thrown: unknown) => thrown);
    const own = "The namespace cruddur [31m isn't there";
    expect(awsUserError(error)?.message).toBe(`AWS refuses this with ${name} (HTTP 400): ${own}.`);
  } finally {
    client.destroy();
    aws.stop();
  }
});

test("services that answer in XML, and those that say nothing", async () => {
  const xml =
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>Unheard</Code><Message>Ask again.</Message></Error><RequestId>1</RequestId></ErrorResponse>';
  const aws = await answering(({ headers }) => ({
    status: 410,
    body: headers["content-type"]?.includes("json") ? '{"__type":"Gone"}' : xml,
  }));
  const [iam, ecs] = [new IAMClient(aws.config), new ECSClient(aws.config)];
  try {
    const ofIam = await iam.send(new GetRoleCommand({ RoleName: "x" })).catch((thrown: unknown) => thrown);
    expect(awsUserError(ofIam)?.message).toBe("AWS refuses this with Unheard (HTTP 410): Ask again.");
    const ofEcs = await ecs.send(new ListServicesCommand({})).catch((thrown: unknown) => thrown);
    expect(awsUserError(ofEcs)?.message).toBe("AWS refuses this with Gone (HTTP 410): Gone, without a word more.");
  } finally {
    iam.destroy();
    ecs.destroy();
    aws.stop();
  }
});

test.each(["eu_central_1", "eu-central-1 ", "../x"])(
  "a region %j, as the SDK refuses it, is told with what to do",
  async (region) => {
    const client = new ECSClient({ region, credentials: { accessKeyId: "x", secretAccessKey: "x" } });
    const error = await client.send(new ListServicesCommand({})).catch((thrown: unknown) => thrown);
    expect(awsUserError(error)?.message).toBe(
      `The AWS region is ${JSON.stringify(region)}: give one such as "eu-central-1", by --region, AWS_REGION or the profile.`,
    );
  },
);

test.each(["not a url", "http://", "http://x:99999", "localhost:4566", "ftp://x", "http://[::1"])(
  "an endpoint %j is refused by name",
  (url) => {
    expect(() => requireEndpoints({ AWS_ENDPOINT_URL: url })).toThrow(`AWS_ENDPOINT_URL is ${JSON.stringify(url)}`);
    expect(() => requireEndpoints({ AWS_ENDPOINT_URL_S3: url })).toThrow("AWS_ENDPOINT_URL_S3 is");
  },
);

test("endpoints that are URLs, and none", () => {
  expect(() => requireEndpoints({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_ENDPOINT_URL_S3: "" })).not.toThrow();
});

test("a mistake of the program's own stays one", () => {
  expect(awsUserError(new TypeError("x is undefined"))).toBeUndefined();
});

test("options come before the environment, and a region is one", () => {
  const parsed = (...args: string[]) =>
    withAwsOptions(new Command()).exitOverride().parse(args, { from: "user" }).opts<AwsOptions>();
  expect(clientConfig(parsed("--profile", "team", "--region", "eu-west-1"))).toEqual({
    profile: "team",
    region: "eu-west-1",
    maxAttempts: 4,
  });
  expect(() => parsed("--region", "Frankfurt")).toThrow('--region is "Frankfurt"');
});
