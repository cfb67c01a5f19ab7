/** What one does every day with a deployed system, as far as the local AWS goes: the table, and all logs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type RunOptions, type RunResult, runProcess } from "../../../lib/run-process";
import { awsNamesOf } from "../../../services/aws-names";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { until } from "../../support/processes";
import { project } from "../../support/project";

const { messagesTable, logGroup: logGroupName } = awsNamesOf();

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "everyday-"));
let system: Deployed;
// biome-ignore lint/suspicious/noExplicitAny: any client of the SDK.
let client: any;

beforeAll(async () => {
  system = await deployedSystem();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = { endpoint: system.aws.endpoint, region: system.region, credentials };
}, 10 * minute);

afterAll(async () => {
  await system?.aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> =>
  runProcess(join(project, "bin", command), args, {
    environment: { PATH: process.env.PATH, HOME: folder, ...system.aws.environment },
    ...options,
  });

describe("bin/ddb", () => {
  const user = "11111111-1111-1111-1111-111111111111";
  const conversation = (sk: string, message: string) => ({
    pk: { S: `GRP#${user}` },
    sk: { S: sk },
    message_group_uuid: { S: "5ae290ed-55d1-47a0-bc6d-fe2bc2700399" },
    message: { S: message },
    user_handle: { S: "bayko" },
  });

  test(
    "an empty table says so; items are JSON, one a line, without what a terminal would obey; conversations the newest first",
    async () => {
      const empty = await run("ddb/scan");
      expect([empty.exitCode, empty.stdout, empty.stderr]).toEqual([0, "", "The table cruddur-messages is empty.\n"]);
      const dynamoDb = new DynamoDBClient(client);
      const put = (Item: NonNullable<PutItemCommand["input"]["Item"]>) =>
        dynamoDb.send(new PutItemCommand({ TableName: messagesTable, Item }));
      await put(conversation("2024-01-01T00:00:00", "old \u001b[31mred"));
      await put(conversation("2024-05-01T00:00:00", "new"));
      await put({ ...conversation("2024-02-01T00:00:00", "of another"), pk: { S: "GRP#other" } });
      await put({ pk: { S: "MSG#1" }, sk: { S: "1" }, count: { N: "12345678901234567890" }, tags: { SS: ["a", "b"] } });

      const list = await run("ddb/list-conversations", [user]);
      const items = list.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect([list.exitCode, items.map(({ message }) => message)]).toEqual([0, ["new", "old \u001b[31mred"]]);
      expect(list.stdout).not.toContain("\u001b");
      const one = await run("ddb/list-conversations", [user.toUpperCase(), "--limit", "1", "--json"]);
      expect(JSON.parse(one.stdout)).toEqual([
        expect.objectContaining({ pk: `GRP#${user}`, sk: "2024-05-01T00:00:00", user_handle: "bayko" }),
      ]);
      const all = await run("ddb/scan", ["--json"]);
      expect(JSON.parse(all.stdout)).toHaveLength(4);
      expect(all.stdout).toMatch(/"count": "12345678901234567890",\s+"tags": \[\s+"a",\s+"b"/);
      const cut = await run("ddb/scan", ["--limit", "2"]);
      expect([cut.stdout.trim().split("\n").length, cut.stderr]).toEqual([2, expect.stringContaining("--limit")]);
      const nobody = await run("ddb/list-conversations", ["22222222-2222-2222-2222-222222222222"]);
      expect([nobody.exitCode, nobody.stderr]).toEqual([0, expect.stringContaining("has no conversations")]);
    },
    minute,
  );

  test.each([
    [["--region", "eu-west-1"], "There is no table cruddur-messages (account 123456789012, region eu-west-1)"],
    [["--limit", "many"], '--limit is "many": give a whole number from 1'],
  ])(
    "%j: one sentence",
    async (args, sentence) => {
      const { exitCode, stderr } = await run("ddb/scan", args);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(sentence)]);
    },
    minute,
  );
});

test(
  "bin/ecs/logs without a service follows all, each line with its service; --grep chooses",
  async () => {
    const logs = new CloudWatchLogsClient(client);
    const write = async (logStreamName: string, message: string) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = [{ message, timestamp: Date.now() }];
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    };
    await write("backend-flask/backend-flask/0123456789abcdef", "GET /api 200");
    await write("frontend-react-js/frontend-react-js/fedcba9876543210", "GET / 304");
    await write("team/cron/aaaa", "GET of nobody");
    await write("envoy/envoy/0123456789abcdef", "POST /api 500");
    const all = await run("ecs/logs", ["--no-follow", "--grep", "^GET"]);
    const lines = all.stdout
      .trim()
      .split("\n")
      .map((line) => line.replace(/^\S+Z /, ""));
    expect([all.exitCode, lines.sort()]).toEqual([
      0,
      [
        "- cron/aaaa GET of nobody",
        "backend-flask backend-flask/01234567 GET /api 200",
        "frontend-react-js frontend-react-js/fedcba98 GET / 304",
      ],
    ]);
    const interruption = new AbortController();
    let shown = "";
    const following = run("ecs/logs", ["--json"], { signal: interruption.signal, onLine: (line) => (shown += line) });
    await until(() => shown.includes("POST /api 500"), "what was there");
    await write("authz/authz/bbbb", "comes later");
    await until(() => shown.includes("comes later"), "what came");
    interruption.abort();
    const { exitCode, stdout } = await following;
    const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect([exitCode, last]).toEqual([
      0,
      expect.objectContaining({ service: "backend-authz", container: "authz", task: "bbbb" }),
    ]);
    const bad = await run("ecs/logs", ["--grep", "("]);
    expect([bad.exitCode, bad.stderr]).toEqual([
      1,
      expect.stringContaining('--grep is "(": Invalid regular expression'),
    ]);
  },
  2 * minute,
);
