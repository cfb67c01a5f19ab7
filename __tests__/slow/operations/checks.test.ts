/** The commands over a local AWS that refuses, is slow to show, or has much to say; no stack is needed for it. */
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local/aws";
import { tfVariables } from "../../../local/trial/sample-variables";
import type { ClientConfig } from "../../../operations/aws";
import { findingOf } from "../../../operations/ecs/look";
import { secretLooks, secretPermissionLooks } from "../../../operations/ecs/secret-looks";
import { secretUses } from "../../../operations/ecs/secret-sources";
import { SynthesizedServices } from "../../../operations/ecs/synthesized-services";
import { awsNamesOf } from "../../../services/aws-names";
import { SynthesizedStacks } from "../../../terraform/synthesized";
import { until } from "../../support/processes";
import { project } from "../../support/project";

const { logGroup: logGroupName } = awsNamesOf();

const minute = 60_000;
const region = "eu-central-1";
let aws: LocalAws;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  aws = await startLocalAws({ project, region });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  logs = new CloudWatchLogsClient({ endpoint: aws.endpoint, region, credentials });
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
}, 2 * minute);

afterAll(async () => {
  await aws?.stop();
});

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: tmpdir(), ...aws.environment, ...tfVariables(), ...more };
}

function run(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return runProcess(join(project, "bin", "ecs", command), args, { environment: environment(more) });
}

async function write(stream: string, events: readonly { timestamp: number; message: string }[], isNew = true) {
  if (isNew) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: stream }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents: [...events] }));
}

describe("bin/ecs/verify", () => {
  let refusing: Server;
  let endpoint: string;
  beforeAll(async () => {
    refusing = createServer((_request, response) => {
      response.writeHead(400, { "content-type": "text/xml" });
      response.end(
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>Unheard</Code><Message>Not today</Message></Error><RequestId>1</RequestId></ErrorResponse>',
      );
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    refusing.closeAllConnections();
    refusing.close();
  });

  test(
    "what one service refuses makes its own lines fail; the others tell what they find",
    async () => {
      const { exitCode, stdout, stderr } = await run("verify", ["--json"], { AWS_ENDPOINT_URL_IAM: endpoint });
      expect([exitCode, stderr]).toEqual([2, ""]);
      const { findings } = JSON.parse(stdout) as { findings: { status: string; check: string; detail: string }[] };
      const of = (check: string) => findings.filter((one) => one.check === check);
      expect(of("role").map(({ status, detail }) => [status, detail])).toEqual(
        Array(2).fill(["error", "can't be told: AWS refuses this with Unheard (HTTP 400): Not today."]),
      );
      expect(of("log group").map(({ status }) => status)).toEqual(["ok"]);
      expect(of("cluster")).toMatchObject([
        { status: "fail", detail: expect.stringContaining("deploy the app stack") },
      ]);
      expect(of("certificate")).toMatchObject([{ status: "fail", detail: expect.stringContaining("network stack") }]);
    },
    2 * minute,
  );
});

describe("secrets of Secrets Manager and of SSM", () => {
  const known = { accountId: "123456789012", region, variables: {} };
  let config: ClientConfig;
  /** A service that takes these. */
  const service = (role: string, sources: Readonly<Record<string, string>>) => ({
    name: role,
    cluster: "cruddur",
    targets: [],
    task: { executionRoleArn: role && `arn:aws:iam::${known.accountId}:role/${role}` },
    containers: [{ name: "app", secrets: Object.entries(sources).map(([name, valueFrom]) => ({ name, valueFrom })) }],
  });
  const nothing = new SynthesizedStacks([]);
  async function findings(...services: ReturnType<typeof service>[]) {
    const uses = secretUses(services);
    const looks = [
      ...secretLooks(config, uses, known),
      ...secretPermissionLooks(config, nothing, new SynthesizedServices(nothing, known), uses, known),
    ];
    const all = [];
    for (const look of looks) all.push(await findingOf(look));
    return all.map(({ status, check, subject, detail }) => [status, check, subject, detail].join(" ").trim());
  }
  let arn = "";
  let deleted = "";

  beforeAll(async () => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    config = { endpoint: aws.endpoint, region, credentials, maxAttempts: 1 } as ClientConfig;
    const secrets = new SecretsManagerClient(config);
    const made = async (Name: string) =>
      (await secrets.send(new CreateSecretCommand({ Name, SecretString: '{"password":"hunter22"}' }))).ARN ?? "";
    arn = await made("orders/db");
    deleted = await made("orders/old");
    await secrets.send(new DeleteSecretCommand({ SecretId: deleted }));
    const ssm = new SSMClient(config);
    for (const Name of ["/orders/A", "bare"])
      await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "SecureString" }));
    const iam = new IAMClient(config);
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    for (const RoleName of ["reader", "stranger"])
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const allow = (Action: string, Resource: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "reader",
        PolicyName: "secrets",
        PolicyDocument: allow("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:*:*:secret:orders/*`),
      }),
    );
    const PolicyDocument = allow("ssm:Get*", "*");
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "parameters", PolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: Policy?.Arn }));
  }, minute);

  test("what is there, with its key, and may be read", async () => {
    const name = arn.split(":")[6];
    expect(
      await findings(
        service("reader", {
          WHOLE: arn,
          KEY: `${arn}:password::`,
          STAGE: `${arn}:password:AWSCURRENT:`,
          OF_STACKS: `arn:aws:secretsmanager:${region}:${known.accountId}:secret:orders/db-\u0000`,
          A: `arn:aws:ssm:${region}:${known.accountId}:parameter/orders/A`,
          BARE: `arn:aws:ssm:${region}:${known.accountId}:parameter/bare`,
          BY_NAME: "bare",
        }),
      ),
    ).toEqual([
      `ok secret ${name}`,
      `ok secret ${name}:password::`,
      `ok secret ${name}:password:AWSCURRENT:`,
      "ok secret orders/db-…",
      "ok secret /orders/A",
      "ok secret /bare",
      "ok secret bare",
      "ok permission reader",
    ]);
  });

  test("what isn't there, or isn't so, one by one; no value is said", async () => {
    const name = arn.split(":")[6];
    const all = await findings(
      service("stranger", {
        NO_KEY: `${arn}:user::`,
        NO_STAGE: `${arn}::AWSPREVIOUS:`,
        NO_VERSION: `${arn}:::0000`,
        DELETED: deleted,
        MISSING: arn.replace("orders/db", "orders/none"),
        PARAMETER: "/orders/B",
        OTHER: "arn:aws:s3:::bucket/secret.env",
      }),
      service("", { A: "/orders/A" }),
    );
    expect(all).toEqual([
      `fail secret ${name}:user:: its value isn't JSON with the key user, which the task takes`,
      `fail secret ${name}::AWSPREVIOUS: it has no value at the stage AWSPREVIOUS: give it one`,
      `fail secret ${name}:::0000 it has no version 0000`,
      expect.stringMatching(/^fail secret orders\/old-\w+ it is scheduled for deletion/),
      expect.stringMatching(/^fail secret orders\/none-\w+ there is no such secret in Secrets Manager/),
      "fail secret /orders/B there is no such SSM parameter: deploy the app stack",
      expect.stringMatching(/^fail secret OTHER \(arn:aws:s3:::bucket\/secret.env\) it is neither an SSM parameter/),
      "ok secret /orders/A",
      expect.stringMatching(
        /^fail permission stranger its policies don't let it read orders\/db-\w+ \(secretsmanager:GetSecretValue\), .*\/orders\/B \(ssm:GetParameters\): give it/,
      ),
      "fail permission no execution role a task without an execution role can't have secrets: /orders/A (ssm:GetParameters)",
    ]);
    expect(all.join()).not.toContain("hunter22");
  });

  test("a region of its own is asked there", async () => {
    const elsewhere = (text: string) => text.replace(region, "eu-west-3");
    const [secret, parameter] = await findings(
      service("reader", {
        A: elsewhere(arn),
        B: elsewhere(`arn:aws:ssm:${region}:${known.accountId}:parameter/orders/A`),
      }),
    );
    expect([secret, parameter]).toEqual([
      expect.stringContaining("there is no such secret"),
      expect.stringContaining("there is no such SSM parameter"),
    ]);
  });
});

describe("bin/ecs/logs", () => {
  const count = 12_000;
  beforeAll(async () => {
    // CloudWatch gives 10,000 events a page, and takes as many at once.
    const timestamp = Date.now() - minute;
    const events = Array.from({ length: count }, (_, n) => ({
      timestamp: timestamp + Math.floor(n / 10),
      message: `m${n}`,
    }));
    await write("authz/authz/0123456789abcdef", events.slice(0, count / 2));
    await write("authz/authz/0123456789abcdef", events.slice(count / 2), false);
  }, minute);

  test(
    "more than a page has: each event once, in order",
    async () => {
      const { exitCode, stdout, stderr } = await run("logs", ["backend-authz"]);
      expect([exitCode, stderr]).toEqual([0, ""]);
      const messages = stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ").at(-1));
      expect(messages).toEqual(Array.from({ length: count }, (_, n) => `m${n}`));
    },
    2 * minute,
  );

  test(
    "what a terminal would obey shows, in text and in JSON",
    async () => {
      const message = "\u001b[2J\u001b]0;x\u0007\u009b31m ok\rbad \u202ecba";
      await write("frontend-react-js/frontend-react-js/00000000aaaaaaaa", [{ timestamp: Date.now() - 1000, message }]);
      const text = await run("logs", ["frontend-react-js"]);
      expect(text.stdout).toMatch(/ \\u001b\[2J\\u001b\]0;x\\u0007\\u009b31m ok\\rbad \\u202ecba\n$/);
      const json = await run("logs", ["frontend-react-js", "--json"]);
      expect(json.stdout).not.toMatch(/[^\n\x20-\x7e]/);
      expect(JSON.parse(json.stdout)).toMatchObject({ message });
    },
    2 * minute,
  );

  test(
    "a reader that has had enough ends it quietly",
    async () => {
      const script = `set -o pipefail; '${join(project, "bin", "ecs", "logs")}' backend-authz | head -n 1`;
      const { exitCode, stdout, stderr } = await runProcess("bash", ["-c", script], { environment: environment() });
      expect([exitCode, stdout, stderr]).toEqual([0, expect.stringMatching(/^\S+Z authz\/01234567 m0\n$/), ""]);
    },
    2 * minute,
  );

  test(
    "follows: an event that shows late is given, and nothing twice",
    async () => {
      const now = Date.now();
      const stream = "otel-collector/otel-collector/00000000ffffffff";
      await write(stream, [{ timestamp: now, message: "first" }]);
      const child = spawn(join(project, "bin", "ecs", "logs"), ["otel-collector", "--follow"], { env: environment() });
      let written = "";
      child.stdout.on("data", (chunk: Buffer) => {
        written += chunk;
      });
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      try {
        await until(() => written.includes("first"), "what was there");
        await write(stream, [{ timestamp: now - 20_000, message: "late" }], false);
        await until(() => written.includes("late"), "what came late");
        await write(stream, [{ timestamp: now + 1, message: "last" }], false);
        await until(() => written.includes("last"), "what came last");
      } finally {
        child.kill("SIGINT");
      }
      expect(await ended).toBe(0);
      expect(written.match(/first|late|last/g)).toEqual(["first", "late", "last"]);
    },
    3 * minute,
  );
});
