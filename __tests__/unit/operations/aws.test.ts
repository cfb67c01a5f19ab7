import { Command } from "commander";
import { UserError } from "../../../lib/user-error";
import { type AwsOptions, awsUserError, clientConfig, withAwsOptions } from "../../../operations/aws";

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
  ["no cluster", named("ClusterNotFoundException"), /no such ECS cluster/],
])("%s", (_what, error, sentence) => {
  const userError = awsUserError(error);
  expect(userError).toBeInstanceOf(UserError);
  expect(userError?.message).toMatch(sentence);
  expect(userError?.message).not.toContain("\n");
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
