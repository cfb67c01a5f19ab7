/**
 * `bin/db/*` as users call them: a real PostgreSQL and psql, a stand-in of ECS and Systems Manager, and one of AWS's plugin that
 * forwards for real.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../../lib/free-port";
import { type RunResult, runProcess } from "../../../../lib/run-process";
import { documentedActions } from "../../../support/documented-actions";
import { service, serviceAnswer, task, taskAnswers } from "../../../support/ecs-sample";
import { type EcsStandIn, standInRegion, startEcsStandIn } from "../../../support/ecs-stand-in";
import { type Postgres, startPostgres, textFile } from "../../../support/postgres";
import { until } from "../../../support/processes";
import { project } from "../../../support/project";
import { encodedForms } from "../../../support/secrets";
import { ctrlC, onTerminal } from "../../../support/terminal";

const limit = 40_000;
const token = `token-${randomBytes(9).toString("hex")}`;
/** With what URLs and files must escape. */
const password = `p:${randomBytes(9).toString("hex")}#%'`;
const host = "cruddur-db-instance.abc.eu-central-1.rds.amazonaws.com";
const id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const folder = mkdtempSync(join(tmpdir(), "db-"));
const record = join(folder, "record");
const secretsFile = textFile(folder, "secrets.json", JSON.stringify([password, token]));
const said: string[] = [];
let aws: EcsStandIn;
let postgres: Postgres;

beforeAll(async () => {
  const path = join(folder, "bin");
  mkdirSync(path);
  symlinkSync(join(project, "__tests__/support/forwarding-plugin.js"), join(path, "session-manager-plugin"));
  aws = await startEcsStandIn();
  postgres = await startPostgres({ name: "cruddur", password: password.replaceAll("'", "''") });
  postgres.query('create database "cruddur" owner cruddur');
  postgres.query("grant pg_signal_backend to cruddur");
}, limit);

afterAll(async () => {
  for (const form of [password, token].flatMap(encodedForms)) expect(said.join("\n")).not.toContain(form);
  await postgres?.stop();
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  aws.reset();
  rmSync(record, { force: true });
  const tasks = [task(id, "backend-flask")];
  aws.on("DescribeServices", serviceAnswer([service("backend-flask")]));
  aws.on("ListServices", () => ({ serviceArns: [] }));
  aws.on("ListTasks", taskAnswers(tasks).list);
  aws.on("DescribeTasks", taskAnswers(tasks).describe);
  aws.on("StartSession", () => ({
    SessionId: "session-1",
    StreamUrl: "wss://stream.example.com/1",
    TokenValue: token,
  }));
  stored(`postgresql://cruddur:${encodeURIComponent(password)}@${host}:5432/cruddur?sslmode=prefer`);
});

function stored(Value: string): void {
  aws.on("GetParameter", ({ Name, WithDecryption }) => ({ Parameter: { Name, Value: WithDecryption ? Value : "x" } }));
}

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  HOME: folder,
  ...aws.environment,
  PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  FORWARD_TO: String(postgres.port),
  FORWARD_RECORD: record,
  FORWARD_SECRETS: secretsFile,
  ...more,
});

async function run(command: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const result = await runProcess(join(project, "bin", command), args, { environment: environment(more) });
  said.push(result.stdout, result.stderr);
  return result;
}

const recorded = () =>
  readFileSync(record, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const databases = () =>
  postgres.query("select datname from pg_database where not datistemplate order by 1").split("\n");

describe("bin/db/connect", () => {
  test(
    "psql reaches the database through the task; its exit code is passed on, and no secret shows",
    async () => {
      const sql = "select current_user, current_database(), inet_client_addr()";
      const { exitCode, stdout, stderr } = await run("db/connect", [
        "--",
        "-XAt",
        "-c",
        sql,
        "-c",
        "select pg_sleep(0)",
      ]);
      expect(stderr).toBe(`Reaching ${host} through backend-flask in the task ${id} of backend-flask\n`);
      expect([exitCode, stdout.trim()]).toEqual([0, "cruddur|cruddur|127.0.0.1"]);
      const [{ args, session }, { showing }, { ended }] = recorded();
      const request = {
        Target: `ecs:cruddur_${id}_runtime-of-backend-flask`,
        DocumentName: "AWS-StartPortForwardingSessionToRemoteHost",
        Parameters: { host: [host], portNumber: ["5432"], localPortNumber: [expect.stringMatching(/^\d+$/)] },
      };
      expect(args.slice(0, 4)).toEqual(["AWS_SSM_START_SESSION_RESPONSE", standInRegion, "StartSession", ""]);
      expect([JSON.parse(args[4]), args[5]]).toEqual([request, aws.endpoint]);
      expect(aws.callsOf("StartSession").map(({ input }) => input)).toEqual([JSON.parse(args[4])]);
      expect(JSON.parse(session)).toEqual({
        sessionId: "session-1",
        streamUrl: "wss://stream.example.com/1",
        tokenValue: token,
      });
      expect([showing, ended]).toEqual([[], host]);
      expect((await run("db/connect", ["--", "-X", "-c", "select nothing"])).exitCode).toBe(1);
    },
    limit,
  );

  test(
    "at a terminal Ctrl-C ends a query, and psql goes on",
    async () => {
      const file = join(project, "bin/db/connect");
      const terminal = onTerminal(file, ["--", "-X"], { cwd: folder, env: environment({ TERM: "dumb" }) });
      await terminal.sees("cruddur=>");
      terminal.types("select pg_sleep(60);\r");
      await until(
        () => postgres.query("select count(*) from pg_stat_activity where query like 'select pg_sleep(60%'") === "1",
        "the query",
      );
      terminal.types(ctrlC);
      await terminal.sees("canceling statement due to user request");
      terminal.types("\\q\r");
      expect(await terminal.ended).toBe(0);
      said.push(terminal.shown());
    },
    limit,
  );

  type Refusal = [
    what: string,
    sentence: RegExp,
    prepare: () => void,
    environment?: NodeJS.ProcessEnv,
    args?: string[],
  ];
  const refusals: Refusal[] = [
    [
      "no URL",
      /SSM parameter \/cruddur\/backend-flask\/CONNECTION_URL is no URL of a PostgreSQL database/,
      () => stored("hunter22"),
    ],
    [
      "no parameter",
      /There is no SSM parameter \/cruddur\/backend-flask\/CONNECTION_URL \(account 123456789012, region eu-central-1\)/,
      () => aws.on("GetParameter", () => ({ error: "ParameterNotFound", message: "" })),
    ],
    [
      "AWS refuses the session",
      /AWS denies this to these credentials: not yours/,
      () => aws.on("StartSession", () => ({ error: "AccessDeniedException", message: "not yours" })),
    ],
    [
      "the plugin fails",
      /The tunnel to cruddur-db-instance\S+ wasn't opened: Connection to destination port failed\. The task/,
      () => {},
      { FORWARD_FAILS: "Connection to destination port failed." },
    ],
    [
      "no such service",
      /No service of the settings is called "backend": give one of backend-flask,/,
      () => {},
      {},
      ["--service", "backend"],
    ],
  ];
  test.each(refusals.map((refusal) => ({ what: refusal[0], refusal })))(
    "$what: one sentence",
    async ({ refusal: [, sentence, prepare, more, args = []] }) => {
      prepare();
      const { exitCode, stdout, stderr } = await run("db/connect", args, more);
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringMatching(sentence)]);
      expect(stderr).not.toMatch(/hunter22|^ +at /m);
    },
    limit,
  );
});

describe("bin/db/forward", () => {
  test(
    "opens a port until Ctrl-C, with a file for libpq that is gone afterwards",
    async () => {
      const port = await freePort();
      const interruption = new AbortController();
      let shown = "";
      const running = runProcess(join(project, "bin/db/forward"), ["--port", String(port)], {
        environment: environment(),
        signal: interruption.signal,
        onLine: (line) => (shown += `${line}\n`),
      });
      await until(() => shown.includes("PGSERVICE="), "the port", limit);
      said.push(shown);
      expect(shown).toContain(`127.0.0.1:${port} leads to ${host}:5432, until Ctrl-C. Database cruddur, user cruddur.`);
      const [, file = ""] = /PGSERVICEFILE=(\S+)/.exec(shown) ?? [];
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const dumped = await runProcess("pg_dump", ["--schema-only"], {
        environment: { PATH: process.env.PATH, PGSERVICEFILE: file, PGSERVICE: "cruddur" },
      });
      expect([dumped.exitCode, dumped.stdout]).toEqual([0, expect.stringContaining("PostgreSQL database dump")]);
      const taken = await run("db/forward", ["--port", String(port)]);
      expect([taken.exitCode, taken.stderr]).toEqual([
        1,
        expect.stringContaining(`Port ${port} of this machine is taken`),
      ]);
      interruption.abort();
      expect((await running).exitCode).toBe(0);
      expect(existsSync(file)).toBe(false);
      await until(() => recorded().some(({ ended }) => ended === host), "the end of the session");
    },
    limit,
  );
});

describe("the team's SQL", () => {
  const schema = textFile(
    folder,
    "schema.sql",
    "drop table if exists users; create table users (uuid uuid, handle text);\n",
  );
  const seed = textFile(
    folder,
    "seed.sql",
    "insert into users values ('11111111-1111-1111-1111-111111111111', 'andrew');\n",
  );
  const broken = textFile(folder, "broken.sql", "delete from users; insert into nobody values (1);\n");
  const files = (kinds: Readonly<Record<"schema" | "seed", readonly string[]>>) => ({
    CRUDDUR_SQL_FILES_SCHEMA: JSON.stringify(kinds.schema),
    CRUDDUR_SQL_FILES_SEED: JSON.stringify(kinds.seed),
  });
  const both = files({ schema: [schema], seed: [seed] });
  const handles = () => postgres.query("select string_agg(handle, ',') from users", "cruddur");

  test(
    "schema and seed are loaded where the name is given; what fails changes nothing",
    async () => {
      expect(await run("db/schema-load", ["--confirm", "cruddur"], both)).toMatchObject({ exitCode: 0 });
      const seeded = await run("db/seed", ["--confirm", "cruddur"], both);
      expect([seeded.exitCode, seeded.stdout]).toEqual([0, `cruddur has ${seed}.\n`]);
      expect(handles()).toBe("andrew");
      const failed = await run("db/seed", ["--confirm", "cruddur"], files({ schema: [], seed: [broken] }));
      expect([failed.exitCode, failed.stderr]).toEqual([
        1,
        expect.stringMatching(
          /Error: The SQL failed: nothing of it is in the database\. psql says:\npsql:\S+broken\.sql:1: ERROR: {2}relation "nobody"/,
        ),
      ]);
      expect(handles()).toBe("andrew");
    },
    limit,
  );

  test(
    "setup makes the database anew, under open connections; where the SQL fails, the old one is as it was",
    async () => {
      postgres.query("insert into users values (null, 'brown')", "cruddur");
      const failed = await run("db/setup", ["--confirm", "cruddur"], files({ schema: [schema], seed: [broken] }));
      expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringContaining("cruddur is as it was")]);
      expect([handles(), databases()]).toEqual(["andrew,brown", ["cruddur", "postgres"]]);
      const terminal = onTerminal(join(project, "bin/db/connect"), ["--", "-X"], { cwd: folder, env: environment() });
      await terminal.sees("cruddur=>");
      expect(await run("db/setup", ["--confirm", "cruddur"], both)).toMatchObject({ exitCode: 0 });
      expect([handles(), databases()]).toEqual(["andrew", ["cruddur", "postgres"]]);
      terminal.types("\\q\r");
      await terminal.ended;
    },
    limit,
  );

  test(
    "asks for the database's name; any other is no",
    async () => {
      const file = join(project, "bin/db/setup");
      for (const [typed, code] of [
        ["yes\r", 2],
        [ctrlC, 130],
      ] as const) {
        const terminal = onTerminal(file, [], { cwd: folder, env: environment(both) });
        await terminal.sees(`This drops the database cruddur of ${host} with everything in it. Type cruddur to go on:`);
        terminal.types(typed);
        expect(await terminal.ended).toBe(code);
        said.push(terminal.shown());
      }
      expect(databases()).toEqual(["cruddur", "postgres"]);
      const silent = await run("db/seed", [], both);
      expect([silent.exitCode, silent.stderr]).toEqual([
        1,
        expect.stringContaining("give the database's name with --confirm"),
      ]);
      const wrong = await run("db/seed", ["--confirm", "other"], both);
      expect([wrong.exitCode, wrong.stderr]).toEqual([
        1,
        expect.stringContaining("the database is cruddur. Nothing was done."),
      ]);
    },
    limit,
  );

  test.each([
    [files({ schema: [], seed: [] }), /The setting sqlFiles\.schema names no file/],
    [
      files({ schema: ["no.sql", schema], seed: [] }),
      /The setting sqlFiles\.schema has "no\.sql", but there is no such file/,
    ],
  ])(
    "%j: refused before anything is asked of AWS",
    async (more, sentence) => {
      const { exitCode, stderr } = await run("db/schema-load", ["--confirm", "cruddur"], more);
      expect([exitCode, stderr, aws.calls]).toEqual([1, expect.stringMatching(sentence), []]);
    },
    limit,
  );
});

test(
  "bin/db/sessions lists who is connected, and no query",
  async () => {
    const terminal = onTerminal(join(project, "bin/db/connect"), ["--", "-X"], { cwd: folder, env: environment() });
    await terminal.sees("cruddur=>");
    const { exitCode, stdout } = await run("db/sessions", ["--json"]);
    const [session] = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(session).toEqual({
      pid: expect.any(Number),
      user: "cruddur",
      database: "cruddur",
      client: "127.0.0.1",
      application: "psql",
      state: "idle",
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
    });
    expect((await run("db/sessions")).stdout).toMatch(/^PID +USER +DATABASE .*\n\d+ +cruddur +cruddur +127\.0\.0\.1/);
    terminal.types("\\q\r");
    await terminal.ended;
    expect((await run("db/sessions")).stdout).toBe("Nobody else is connected.\n");
  },
  limit,
);

test("the documented policy has the actions that all of the above asked for, and no more", () => {
  expect(aws.actions()).toEqual(documentedActions("bin/db/connect", "database.md"));
});
