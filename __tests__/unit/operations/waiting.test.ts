import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { followServices } from "../../../operations/deploy/steady";
import { beginRedeploy, followRollout } from "../../../operations/ecs/redeploy";
import { isPassing, NotSeen, seen } from "../../../operations/waiting";
import { answering } from "../../support/answering";
import { deployment, service, serviceAnswer, taskAnswers } from "../../support/ecs-sample";
import { type EcsStandIn, standInRegion, startEcsStandIn } from "../../support/ecs-stand-in";

const named = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

test.each<[string, Error]>([
  ["throttling", named("ThrottlingException")],
  ["throttling, as EC2 and old services say it", named("RequestLimitExceeded")],
  ["throttling, as S3 says it", named("SlowDown")],
  ["throttling that nobody has heard of", named("ReplicaThrottledException")],
  ["too many requests, by status", named("Unheard", { $metadata: { httpStatusCode: 429 } })],
  ["an outage", named("ServerException", { $metadata: { httpStatusCode: 500 } })],
  ["a gateway's page", named("SyntaxError", { $metadata: { httpStatusCode: 502 } })],
  ["a connection that breaks", named("Error", { code: "ECONNRESET" })],
  ["a network that is away", named("Error", { code: "ENOTFOUND" })],
  ["any address that is away", named("AggregateError", { errors: [named("Error", { code: "ECONNREFUSED" })] })],
  ["no answer in time", named("TimeoutError")],
])("%s passes", (_what, error) => expect(isPassing(error)).toBe(true));

test.each<[string, unknown]>([
  ["denied", named("AccessDeniedException", { $metadata: { httpStatusCode: 400 } })],
  ["expired", named("ExpiredTokenException", { $metadata: { httpStatusCode: 400 } })],
  ["not there", named("ClusterNotFoundException", { $metadata: { httpStatusCode: 400 } })],
  ["no credentials", named("CredentialsProviderError")],
  ["a sign-in page", named("SyntaxError", { $metadata: { httpStatusCode: 200 } })],
  ["a mistake of the program's", new TypeError("x is undefined")],
  ["no error", "x"],
])("%s doesn't", (_what, error) => expect(isPassing(error)).toBe(false));

describe("a rollout that is followed", () => {
  let aws: EcsStandIn;
  let ecs: ECSClient;
  const said: string[] = [];
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  beforeAll(async () => {
    aws = await startEcsStandIn();
    ecs = new ECSClient({ endpoint: aws.endpoint, region: standInRegion, credentials, maxAttempts: 1 });
  });
  afterAll(async () => {
    ecs.destroy();
    await aws.stop();
  });
  beforeEach(() => {
    aws.reset();
    said.length = 0;
    const begun = service("web", { deployments: [deployment("2", { rolloutState: "IN_PROGRESS" })] });
    aws.on("UpdateService", () => ({ service: begun }));
    aws.on("ListTasks", taskAnswers([]).list);
  });
  const done = serviceAnswer([service("web", { deployments: [deployment("2")] })]);
  const follow = async (timeoutMs: number) =>
    followRollout(ecs, "cruddur", await beginRedeploy(ecs, "cruddur", "web"), {
      timeoutMs,
      intervalMs: 10,
      report: (line) => said.push(line),
    });

  test("goes on through throttled looks of either call, and tells them once", async () => {
    const throttled = { error: "ThrottlingException", message: "Rate exceeded" };
    aws.on("DescribeServices", (input, before) => (before < 7 ? throttled : done(input)));
    aws.on("ListTasks", (input, before) => (before < 6 ? throttled : taskAnswers([]).list(input)));
    expect(await follow(60_000)).toMatchObject({ outcome: "steady", reason: null });
    expect(said.filter((line) => line.includes("throttles"))).toEqual(["web: AWS throttles these calls: looking on"]);
    expect(aws.callsOf("DescribeServices").length).toBeGreaterThan(12);
  });

  test("says at the time-out what kept it from seeing anything", async () => {
    aws.on("DescribeServices", () => ({ error: "ThrottlingException", message: "Rate exceeded" }));
    expect(await follow(300)).toMatchObject({ outcome: "timed out", reason: "AWS throttles these calls" });
  });

  test("ends at once at what stays refused", async () => {
    aws.on("DescribeServices", () => ({ error: "AccessDeniedException", message: "no" }));
    await expect(follow(60_000)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(aws.callsOf("DescribeServices")).toHaveLength(1);
  });

  test("services after a deploy are waited for as patiently, from the first look on", async () => {
    const throttled = { error: "ThrottlingException", message: "Rate exceeded" };
    const following = (timeoutMs: number) =>
      followServices(ecs, "cruddur", ["web"], { timeoutMs, intervalMs: 10, report: (line) => said.push(line) });
    aws.on("DescribeServices", (input, before) => (before < 4 ? throttled : done(input)));
    expect(await following(60_000)).toMatchObject([{ outcome: "steady" }]);
    aws.on("DescribeServices", () => throttled);
    expect(await following(200)).toMatchObject([{ outcome: "timed out", reason: "AWS throttles these calls" }]);
  });

  test("takes a service for deleted when two looks miss it, not one", async () => {
    const none = { services: [], failures: [{ reason: "MISSING" }] };
    aws.on("DescribeServices", (input, before) => (before === 0 ? none : done(input)));
    expect(await follow(60_000)).toMatchObject({ outcome: "steady" });
    aws.on("DescribeServices", () => none);
    expect(await follow(60_000)).toMatchObject({ outcome: "failed", reason: "the service was deleted" });
  });
});

test("an answer that never comes isn't waited for beyond the deadline", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const config = { endpoint, region: standInRegion, credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  const logs = new CloudWatchLogsClient(config);
  const began = Date.now();
  const look = (abortSignal: AbortSignal) =>
    logs.send(new FilterLogEventsCommand({ logGroupName: "g" }), { abortSignal });
  const found = await seen(look, { deadline: Date.now() + 500, intervalMs: 10, report: () => {} });
  expect(found).toEqual(new NotSeen("AWS gives no answer"));
  expect(Date.now() - began).toBeLessThan(10_000);
  silent.closeAllConnections();
  silent.close();
});

test("a log that is followed survives an outage", async () => {
  let asked = 0;
  const aws = await answering(() => {
    asked += 1;
    return asked < 6 ? { status: 503, body: "{}" } : { status: 200, body: '{"events":[]}' };
  });
  const logs = new CloudWatchLogsClient(aws.config);
  const told: string[] = [];
  const found = await seen((abortSignal) => logs.send(new FilterLogEventsCommand({}), { abortSignal }), {
    intervalMs: 5,
    report: (line) => told.push(line),
  });
  expect([found, told]).toEqual([
    expect.objectContaining({ events: [] }),
    [expect.stringMatching(/HTTP 503.*: looking on$/)],
  ]);
  logs.destroy();
  aws.stop();
});
