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
import { type RunResult, runProcess } from "../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../local-aws";
import { logGroupName } from "../../../services/names";
import { tfVariables } from "../../../trial/sample-variables";
import { until } from "../../support/processes";
import { project } from "../../support/project";

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
      expect([exitCode, stderr]).toEqual([1, ""]);
      const { findings } = JSON.parse(stdout) as { findings: { status: string; check: string; detail: string }[] };
      const of = (check: string) => findings.filter((one) => one.check === check);
      expect(of("role").map(({ status, detail }) => [status, detail])).toEqual(
        Array(2).fill(["fail", "can't be told: Unheard: Not today"]),
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
