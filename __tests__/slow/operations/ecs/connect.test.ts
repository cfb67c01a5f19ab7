/** `bin/ecs/connect` as users call it, over a stand-in of ECS up to the exact call of AWS's plugin. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunOptions, runProcess } from "../../../../lib/run-process";
import { documentedActions } from "../../../support/documented-actions";
import {
  container,
  service,
  serviceAnswer,
  startOfSample,
  task,
  taskAnswers,
  taskArn,
} from "../../../support/ecs-sample";
import { type EcsStandIn, type Refusal, standInRegion, startEcsStandIn } from "../../../support/ecs-stand-in";
import { until } from "../../../support/processes";
import { project } from "../../../support/project";

const limit = 120_000;
const token = "token-that-nobody-may-see";
const [old, young, sick] = ["0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b99999e5f60718293a4b5c6d7e8f9", "ffff"];

describe("bin/ecs/connect", () => {
  const folder = mkdtempSync(join(tmpdir(), "connect-"));
  const withPlugin = join(folder, "with-plugin");
  const record = join(folder, "record.json");
  const end = join(folder, "end");
  // A PATH with nothing but what the command itself needs: the machine may have the real plugin.
  const withoutPlugin = join(folder, "without-plugin");
  let aws: EcsStandIn;

  beforeAll(async () => {
    aws = await startEcsStandIn();
    for (const path of [withPlugin, withoutPlugin]) {
      mkdirSync(path);
      symlinkSync(process.execPath, join(path, "node"));
    }
    symlinkSync(
      join(project, "__tests__/support/fake-session-manager-plugin.js"),
      join(withPlugin, "session-manager-plugin"),
    );
    symlinkSync("/usr/bin/dirname", join(withoutPlugin, "dirname"));
    symlinkSync("/usr/bin/dirname", join(withPlugin, "dirname"));
    symlinkSync("/usr/bin/env", join(withPlugin, "env"));
  });
  afterAll(async () => {
    await aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    aws.reset();
    for (const file of [record, end]) rmSync(file, { force: true });
    running([
      task(old, "backend-flask", { startedAt: startOfSample }),
      task(young, "backend-flask", { startedAt: startOfSample + 60 }),
      task(sick, "backend-flask", { startedAt: startOfSample + 120, healthStatus: "UNHEALTHY" }),
    ]);
    aws.on("ExecuteCommand", () => ({
      session: { sessionId: "session-1", streamUrl: "wss://stream.example.com/1", tokenValue: token },
    }));
  });

  function running(tasks: ReturnType<typeof task>[]): void {
    aws.on("DescribeServices", serviceAnswer([service("backend-flask", { runningCount: tasks.length })]));
    aws.on("ListServices", () => ({ serviceArns: ["arn:x/cruddur/backend-flask"] }));
    aws.on("ListTasks", taskAnswers(tasks).list);
    aws.on("DescribeTasks", taskAnswers(tasks).describe);
  }

  const command = join(project, "bin/ecs/connect");
  const environmentOf = (more: NodeJS.ProcessEnv = {}) => ({
    ...aws.environment,
    PATH: withPlugin,
    FAKE_PLUGIN_VERSION: "1.2.707.0",
    FAKE_PLUGIN_RECORD: record,
    FAKE_PLUGIN_TOKEN: token,
    FAKE_PLUGIN_EXIT: "0",
    ...more,
  });
  const connect = (args: string[], { environment, ...more }: RunOptions = {}) =>
    runProcess(command, args, { environment: environmentOf(environment), ...more });

  const recorded = () => JSON.parse(readFileSync(record, "utf8"));
  const executed = () => aws.callsOf("ExecuteCommand").map(({ input }) => input);

  test(
    "a service is its newest healthy task, the command /bin/bash, and the plugin is called as the AWS CLI calls it",
    async () => {
      const { exitCode, stdout, stderr } = await connect(["backend-flask", "envoy"]);
      expect(stderr).toBe(`Connecting to envoy in the task ${young} of backend-flask\n`);
      expect(stdout).toBe("hello from the container\n");
      expect(exitCode).toBe(0);
      expect(executed()).toEqual([
        { cluster: "cruddur", task: taskArn(young), container: "envoy", interactive: true, command: "/bin/bash" },
      ]);
      const { args, session, commandLinesWithToken } = recorded();
      expect(args).toEqual([
        "AWS_SSM_START_SESSION_RESPONSE",
        standInRegion,
        "StartSession",
        "",
        JSON.stringify({ Target: `ecs:cruddur_${young}_runtime-of-envoy` }),
        aws.endpoint,
      ]);
      expect(JSON.parse(session)).toEqual({
        sessionId: "session-1",
        streamUrl: "wss://stream.example.com/1",
        tokenValue: token,
      });
      expect(commandLinesWithToken).toBe(0);
    },
    limit,
  );

  test(
    "a command's words and options are its own, and the plugin's exit code is passed on",
    async () => {
      const { exitCode } = await connect(["0a1b2", "backend-flask", "ls", "-la", "a b", "--region"], {
        environment: { FAKE_PLUGIN_EXIT: "7" },
      });
      expect(exitCode).toBe(7);
      expect(executed()).toEqual([expect.objectContaining({ task: taskArn(old), command: "ls -la 'a b' --region" })]);
    },
    limit,
  );

  test(
    "a task by its ARN; options come before",
    async () => {
      const { exitCode } = await connect(["--region", "eu-west-1", taskArn(old), "envoy"]);
      expect(exitCode).toBe(0);
      expect(executed()).toEqual([expect.objectContaining({ task: taskArn(old) })]);
      expect(recorded().args[1]).toBe("eu-west-1");
      const late = await connect(["backend-flask", "envoy", "--region", "eu-west-1"]);
      expect(late.stderr).toContain('"--region" comes after the container: give options before');
      expect(late.exitCode).toBe(1);
    },
    limit,
  );

  test(
    "Ctrl-C is the remote command's: the session goes on until it ends itself",
    async () => {
      const interruption = new AbortController();
      const session = connect(["backend-flask", "envoy"], {
        environment: { FAKE_PLUGIN_WAITS: end, FAKE_PLUGIN_EXIT: "5" },
        signal: interruption.signal,
      });
      await until(() => existsSync(record), "the session", limit);
      interruption.abort();
      await until(() => readFileSync(record, "utf8").includes('"interrupted":true'), "Ctrl-C in the session", limit);
      writeFileSync(end, "");
      expect((await session).exitCode).toBe(5);
    },
    limit,
  );

  test(
    "what is typed reaches the session",
    async () => {
      const { exitCode } = await runProcess("/bin/sh", ["-c", `printf 'exit\\n' | "$0" backend-flask envoy`, command], {
        environment: environmentOf(),
      });
      expect(exitCode).toBe(0);
      expect(recorded().input).toBe("exit\n");
    },
    limit,
  );

  test(
    "a session that the plugin gives up at the end of its input is no success",
    async () => {
      const { exitCode, stdout, stderr } = await connect(["backend-flask", "envoy", "ls"], {
        environment: { FAKE_PLUGIN_GIVES_UP: "EOF" },
      });
      expect(exitCode).toBe(1);
      expect(stdout).toBe("hello from the container\n\nCannot perform start session: EOF\n");
      expect(stderr).toMatch(
        /^Error: session-manager-plugin gave up \(EOF\): .* from a terminal, or keep the input open.*$/m,
      );
    },
    limit,
  );

  const oneTask = (more: object) => () => running([task(old, "backend-flask", more)]);
  const withAgent = (lastStatus: string) => ({
    containers: [
      container("envoy", { managedAgents: [{ name: "ExecuteCommandAgent", lastStatus, reason: "no role" }] }),
    ],
  });
  const refusals: Refusal[] = [
    [
      "no such service",
      ["backend-flaks", "x"],
      /no service "backend-flaks" in the cluster cruddur \(account 123456789012, region eu-central-1\): did you mean backend-flask\?/,
    ],
    [
      "declared but not deployed",
      ["otel-collector", "x"],
      /no service "otel-collector" in the cluster cruddur \(account 123456789012, region eu-central-1\), though the settings have it: deploy the app stack/,
    ],
    ["no such container", ["backend-flask", "envoi"], /has no container "envoi": did you mean envoy\?/],
    [
      "no such task",
      ["abcdef", "envoy"],
      /No running task in the cluster cruddur has the id "abcdef": running are 0a1b2c/,
    ],
    [
      "an ambiguous beginning",
      ["0a1b", "envoy"],
      /"0a1b" begins the ids of 2 tasks \(0a1b2c\S+, 0a1b99\S+\): give more/,
    ],
    [
      "no running task",
      ["backend-flask", "envoy"],
      /No task of the service backend-flask is running \(1 desired, 0 pending; the last one, \S+, stopped: CannotPull: no such image\)/,
      oneTask({ desiredStatus: "STOPPED", lastStatus: "STOPPED", stoppedReason: "CannotPull: no such image" }),
    ],
    [
      "exec is disabled",
      ["backend-flask", "envoy"],
      /ECS Exec is disabled .*: set enableExecuteCommand/,
      oneTask({ enableExecuteCommand: false }),
    ],
    [
      "the agent doesn't run",
      ["backend-flask", "envoy"],
      /The ExecuteCommandAgent of the container envoy .* is STOPPED \(no role\): .*ssmmessages/,
      oneTask(withAgent("STOPPED")),
    ],
    [
      "AWS refuses",
      ["backend-flask", "envoy"],
      /AWS refuses this: The execute command failed\.$/m,
      () =>
        aws.on("ExecuteCommand", () => ({
          error: "TargetNotConnectedException",
          message: "The execute command failed.",
        })),
    ],
    [
      "an account that the settings don't allow",
      ["backend-flask", "envoy"],
      /These credentials are of account 123456789012, and the setting allowedAccountIds/,
      undefined,
      { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
    ],
    [
      "the plugin is missing",
      ["backend-flask", "envoy"],
      /no session-manager-plugin on the PATH.*install it \(https:\/\/docs\.aws\.amazon\.com/,
      undefined,
      { PATH: "without" },
    ],
    [
      "the plugin is too old",
      ["backend-flask", "envoy"],
      /is of version "1\.2\.497\.0", but only after 1\.2\.497\.0/,
      undefined,
      { FAKE_PLUGIN_VERSION: "1.2.497.0" },
    ],
  ];
  test.each(refusals.map((refusal) => ({ what: refusal[0], refusal })))(
    "$what: one sentence, no session",
    async ({ refusal: [what, args, sentence, prepare, environment = {}] }) => {
      prepare?.();
      const path = environment.PATH === undefined ? {} : { PATH: withoutPlugin };
      const { exitCode, stdout, stderr } = await connect(args, { environment: { ...environment, ...path } });
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stdout).toBe("");
      expect(exitCode).toBe(1);
      expect(existsSync(record)).toBe(false);
      expect(executed()).toHaveLength(what === "AWS refuses" ? 1 : 0);
    },
    limit,
  );

  test(
    "--help tells arguments and exit codes",
    async () => {
      const { exitCode, stdout } = await connect(["--help"]);
      for (const part of ["/bin/bash", "--profile", "--region", "Options come before", "Exit codes"]) {
        expect(stdout).toContain(part);
      }
      expect(exitCode).toBe(0);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/connect"));
  });
});
