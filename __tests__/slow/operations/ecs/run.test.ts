/** `bin/ecs/run` as users call it, over a stand-in of ECS and CloudWatch Logs that tells how the task goes. */
import { join } from "node:path";
import { type RunOptions, runProcess } from "../../../../lib/run-process";
import { documentedActions } from "../../../support/documented-actions";
import { container, service, serviceAnswer, task, taskArn, taskDefinitionArn } from "../../../support/ecs-sample";
import { type EcsStandIn, type Refusal, standInRegion, startEcsStandIn } from "../../../support/ecs-stand-in";
import { untilAsync } from "../../../support/processes";
import { project } from "../../../support/project";

const limit = 60_000;
const id = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const arn = taskDefinitionArn("backend-flask", 7);
const network = {
  awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
};

describe("bin/ecs/run", () => {
  let aws: EcsStandIn;
  beforeAll(async () => {
    aws = await startEcsStandIn();
  });
  afterAll(() => aws?.stop());
  beforeEach(() => {
    aws.reset();
    const more = {
      taskDefinition: arn,
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      networkConfiguration: network,
    };
    aws.on("DescribeServices", serviceAnswer([service("backend-flask", more)]));
    aws.on("ListServices", () => ({ serviceArns: ["arn:x/cruddur/backend-flask"] }));
    const logConfiguration = (prefix: string) => ({
      logDriver: "awslogs",
      options: { "awslogs-group": "/g", "awslogs-region": standInRegion, "awslogs-stream-prefix": prefix },
    });
    const containerDefinitions = [
      { name: "envoy", logConfiguration: logConfiguration("proxy") },
      { name: "backend-flask", logConfiguration: logConfiguration("team") },
    ];
    aws.on("DescribeTaskDefinition", () => ({ taskDefinition: { taskDefinitionArn: arn, containerDefinitions } }));
    aws.on("RunTask", () => ({ tasks: [one("PROVISIONING")], failures: [] }));
    aws.on("StopTask", () => ({ task: one("DEACTIVATING") }));
    events([]);
    goes(one("PENDING"), one("RUNNING"), stopped(0));
  });

  const one = (lastStatus: string, more: object = {}) =>
    task(id, "", { lastStatus, group: "family:backend-flask", startedBy: "bin/ecs/run", ...more });
  const stopped = (exitCode: number | undefined, more: object = {}) =>
    one("STOPPED", {
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [container("envoy"), container("backend-flask", { exitCode })],
      ...more,
    });

  /** Looks at the task give these one after the other; the last one for good. */
  function goes(...looks: object[]): void {
    aws.on("DescribeTasks", (_, before) => ({ tasks: [looks[Math.min(before, looks.length - 1)]], failures: [] }));
  }

  /** Each look at the log has one line more. */
  function events(lines: readonly string[]): void {
    aws.on("FilterLogEvents", ({ logStreamNamePrefix }, before) => ({
      events: lines.slice(0, before + 1).map((message, index) => ({
        eventId: `e${index}`,
        logStreamName: logStreamNamePrefix,
        timestamp: Date.now() + index,
        message,
      })),
    }));
  }

  const run = (args: string[], { environment, ...more }: RunOptions = {}) =>
    runProcess(join(project, "bin/ecs/run"), args, {
      environment: { ...process.env, ...aws.environment, ...environment },
      ...more,
    });

  const interval = ["--interval", "1s"];

  test(
    "runs with the service's task definition, network and launch type; its log is printed whole, its exit code passed on",
    async () => {
      events(["one", "two", "three", "after the end"]);
      goes(one("PENDING"), one("RUNNING"), stopped(7));
      const { exitCode, stdout, stderr } = await run([
        ...interval,
        "backend-flask",
        "--",
        "flask",
        "db",
        "upgrade --sql",
      ]);
      expect(aws.callsOf("RunTask").map(({ input }) => input)).toEqual([
        {
          cluster: "cruddur",
          taskDefinition: arn,
          count: 1,
          startedBy: "bin/ecs/run",
          launchType: "FARGATE",
          platformVersion: "1.4.0",
          networkConfiguration: network,
          enableExecuteCommand: true,
          overrides: { containerOverrides: [{ name: "backend-flask", command: ["flask", "db", "upgrade --sql"] }] },
          clientToken: expect.any(String),
        },
      ]);
      expect(aws.callsOf("FilterLogEvents")[0]?.input).toMatchObject({
        logGroupName: "/g",
        logStreamNamePrefix: `team/backend-flask/${id}`,
      });
      expect(stdout).toBe("one\ntwo\nthree\nafter the end\n");
      expect(stderr.trim().split("\n")).toEqual([
        `Running in backend-flask of the task ${id} (backend-flask:7): flask db 'upgrade --sql'`,
        "The task is PENDING",
        "The task is RUNNING",
        "The task is STOPPED",
        "flask db 'upgrade --sql' ended with 7: EssentialContainerExited: Essential container in task exited; container backend-flask: exit code 7",
      ]);
      expect(exitCode).toBe(7);
      expect(aws.callsOf("StopTask")).toEqual([]);
    },
    limit,
  );

  test(
    "--json is the end, and the log is on the standard error; another container, and a capacity provider's strategy",
    async () => {
      const capacityProviderStrategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
      aws.on(
        "DescribeServices",
        serviceAnswer([service("backend-flask", { taskDefinition: arn, capacityProviderStrategy })]),
      );
      events(["a line"]);
      const { exitCode, stdout, stderr } = await run([
        ...interval,
        "--json",
        "backend-flask",
        "--container",
        "envoy",
        "--",
        "true",
      ]);
      const reason = "EssentialContainerExited: Essential container in task exited";
      const { launchType, ...input } = aws.callsOf("RunTask")[0]?.input ?? {};
      expect(launchType).toBeUndefined();
      expect(input).toMatchObject({ capacityProviderStrategy, overrides: { containerOverrides: [{ name: "envoy" }] } });
      expect(stderr).toContain("a line\n");
      // The stand-in's envoy has no exit code: it was stopped with the task.
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        1,
        {
          task: id,
          service: "backend-flask",
          container: "envoy",
          taskDefinition: "backend-flask:7",
          exitCode: null,
          reason,
        },
      ]);
    },
    limit,
  );

  test(
    "Ctrl-C stops the task, waits for its end, and tells what it still wrote",
    async () => {
      const interruption = new AbortController();
      events(["begun", "cleaning up"]);
      aws.on("DescribeTasks", () => ({
        tasks: [aws.callsOf("StopTask").length === 0 ? one("RUNNING") : stopped(137)],
      }));
      const running = run([...interval, "backend-flask", "--", "sleep", "600"], { signal: interruption.signal });
      await untilAsync(async () => aws.callsOf("FilterLogEvents").length > 0, "the log", limit);
      interruption.abort();
      const { exitCode, stdout, stderr } = await running;
      expect(aws.callsOf("StopTask").map(({ input }) => input)).toEqual([
        { cluster: "cruddur", task: taskArn(id), reason: "bin/ecs/run was interrupted" },
      ]);
      expect([exitCode, stdout]).toEqual([130, "begun\ncleaning up\n"]);
      expect(stderr).toMatch(/Interrupted: stopping the task[\s\S]*The task \w+ is stopped\.$/m);
    },
    limit,
  );

  const refusals: Refusal[] = [
    [
      "no such service",
      ["backend-flaks", "--", "x"],
      /no service "backend-flaks" in the cluster cruddur \(.*\): did you mean backend-flask\?/,
    ],
    [
      "no such container",
      ["backend-flask", "--container", "envoi", "--", "x"],
      /task definition of backend-flask has no container "envoi": did you mean envoy\?/,
    ],
    ["no command", ["backend-flask"], /missing required argument 'command'/],
    [
      "AWS starts none",
      ["backend-flask", "--", "x"],
      /AWS started no task: RESOURCE:ENI: no address is left\. Nothing runs\./,
      () =>
        aws.on("RunTask", () => ({ tasks: [], failures: [{ reason: "RESOURCE:ENI", detail: "no address is left" }] })),
    ],
    [
      "an image that can't be pulled",
      [...interval, "backend-flask", "--", "x"],
      /The container backend-flask of the task \w+ never ran: TaskFailedToStart: CannotPullContainerError: no such tag\./,
      () =>
        goes(
          stopped(undefined, { stopCode: "TaskFailedToStart", stoppedReason: "CannotPullContainerError: no such tag" }),
        ),
    ],
    [
      "an account that the settings don't allow",
      ["backend-flask", "--", "x"],
      /the setting allowedAccountIds/,
      undefined,
      { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
    ],
  ];
  test.each(refusals.map((refusal) => ({ what: refusal[0], refusal })))(
    "$what: one sentence",
    async ({ refusal: [, args, sentence, prepare, environment] }) => {
      prepare?.();
      const { exitCode, stderr } = await run(args, { environment });
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(sentence)]);
      expect(stderr).not.toMatch(/^ +at /m);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/run", "running.md"));
  });
});
