import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";
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

test.each<[string, number, string, RegExp]>([
  ["fails", 500, '{"__type":"ServerException"}', /^AWS fails with ServerException \(HTTP 500\)/],
  ["has another time", 400, '{"__type":"RequestTimeTooSkewed"}', /set this machine's clock right/],
  ["isn't AWS, and says so by its status", 502, "<html>proxy</html>", /^What answers isn't AWS/],
  ["isn't AWS, and says that all is well", 200, "<html>sign in</html>", /^What answers isn't AWS/],
])("who answers the SDK %s", async (_what, status, body, sentence) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new ECSClient({
    region: "eu-central-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  try {
    const error = await client.send(new ListServicesCommand({})).catch((thrown: unknown) => thrown);
    expect(awsUserError(error)?.message).toMatch(sentence);
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
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
