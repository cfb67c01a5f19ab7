/** `bin/ecs/redeploy` as users call it, over a stand-in of ECS that tells the rollouts. */
import { join } from "node:path";
import { type RunOptions, runProcess } from "../../../../lib/run-process";
import { documentedActions } from "../../../support/documented-actions";
import { deployment, service, serviceAnswer, startOfSample, task, taskAnswers } from "../../../support/ecs-sample";
import { type EcsStandIn, standInAccount, startEcsStandIn } from "../../../support/ecs-stand-in";
import { untilAsync } from "../../../support/processes";
import { project } from "../../../support/project";

const limit = 120_000;

describe("bin/ecs/redeploy", () => {
  let aws: EcsStandIn;
  beforeAll(async () => {
    aws = await startEcsStandIn();
  });
  afterAll(() => aws?.stop());
  beforeEach(() => aws.reset());

  const redeploy = (args: string[], { environment, ...more }: RunOptions = {}) =>
    runProcess(join(project, "bin/ecs/redeploy"), args, {
      environment: { ...process.env, ...aws.environment, ...environment },
      ...more,
    });

  const begun = { createdAt: startOfSample + 100, rolloutState: "IN_PROGRESS", runningCount: 0, pendingCount: 1 };
  const fresh = (more: object = {}) => deployment("2", { ...begun, ...more });
  const draining = deployment("1", { status: "ACTIVE" });

  /** Looks at the service give these one after the other; the last one for good. The first is before the deployment. */
  function rollout(...looks: object[]): void {
    aws.on("UpdateService", ({ service: name }) => ({
      service: service(String(name), { deployments: [fresh(), draining], events: [oldEvent] }),
    }));
    aws.on("DescribeServices", ({ services }, before) =>
      serviceAnswer([service("backend-flask", looks[Math.min(before, looks.length) - 1] ?? {})])({ services }),
    );
    tasks([]);
  }

  function tasks(all: ReturnType<typeof task>[]): void {
    aws.on("ListTasks", taskAnswers(all).list);
    aws.on("DescribeTasks", taskAnswers(all).describe);
  }

  const event = (id: string, message: string) => ({
    id,
    createdAt: startOfSample + 101,
    message: `(service backend-flask) ${message}`,
  });
  const oldEvent = event("0", "has reached a steady state yesterday.");
  const started = event("a", "has started 1 tasks: (task 1).");
  const steady = event("b", "has reached a steady state.");

  test(
    "waits until it is steady, and tells each event once",
    async () => {
      rollout(
        { deployments: [fresh(), draining], runningCount: 1, events: [started, oldEvent] },
        { deployments: [fresh({ runningCount: 1, pendingCount: 0 }), draining], events: [started, oldEvent] },
        {
          deployments: [fresh({ runningCount: 1, pendingCount: 0, rolloutState: "COMPLETED" })],
          events: [steady, started, oldEvent],
        },
      );
      const { exitCode, stdout, stderr } = await redeploy(["backend-flask", "--interval", "1s"]);
      expect(stdout).toBe("backend-flask (backend-flask:7, ecs-svc/2) is steady.\n");
      expect(stderr.trim().split("\n")).toEqual([
        "backend-flask: began ecs-svc/2 of backend-flask:7",
        "backend-flask: has started 1 tasks: (task 1).",
        "backend-flask: 0 of 1 new tasks run, 1 pending, 1 older deployment drains",
        "backend-flask: 1 of 1 new tasks run, 0 pending, 1 older deployment drains",
        "backend-flask: has reached a steady state.",
        "backend-flask: 1 of 1 new tasks run, 0 pending",
      ]);
      expect(exitCode).toBe(0);
      expect(aws.callsOf("UpdateService").map(({ input }) => input)).toEqual([
        { cluster: "cruddur", service: "backend-flask", forceNewDeployment: true },
      ]);
    },
    limit,
  );

  const failing = {
    deployments: [
      deployment("3", {
        createdAt: startOfSample + 200,
        rolloutState: "IN_PROGRESS",
        rolloutStateReason: "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.",
      }),
      fresh({
        status: "ACTIVE",
        rolloutState: "FAILED",
        rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
        failedTasks: 3,
      }),
    ],
  };
  const crashed = (id: string, startedBy: string) =>
    task(id, "backend-flask", {
      startedBy,
      desiredStatus: "STOPPED",
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "backend-flask", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
        { name: "envoy", exitCode: 0 },
      ],
    });

  test(
    "a roll-back of the circuit breaker is a failure, told with why tasks stopped",
    async () => {
      rollout({ deployments: [fresh(), draining] }, failing);
      tasks([crashed("aaaa1", "ecs-svc/2"), crashed("bbbb1", "ecs-svc/1")]);
      const { exitCode, stdout, stderr } = await redeploy(["backend-flask", "--interval", "1s", "--json"]);
      const why =
        "EssentialContainerExited: Essential container in task exited; container backend-flask: exit code 137, OutOfMemoryError: Container killed due to memory usage";
      expect(stderr).toContain(`backend-flask: task aaaa1 stopped: ${why}\n`);
      // The old deployment's tasks are stopped because the new ones come.
      expect(stderr).not.toContain("bbbb1");
      expect(JSON.parse(stdout)).toEqual({
        cluster: "cruddur",
        deployments: [
          {
            service: "backend-flask",
            deployment: "ecs-svc/2",
            taskDefinition: "backend-flask:7",
            outcome: "failed",
            reason:
              "ECS deployment circuit breaker: tasks failed to start; the service now deploys backend-flask:7 by ecs-svc/3 (ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1)",
            stoppedTasks: { aaaa1: why },
          },
        ],
      });
      expect(exitCode).toBe(3);
    },
    limit,
  );

  test(
    "one that isn't steady in time goes on, and that is said",
    async () => {
      rollout({ deployments: [fresh(), draining] });
      const { exitCode, stdout } = await redeploy(["backend-flask", "--interval", "1s", "--timeout", "2s"]);
      expect(stdout).toBe(
        "backend-flask (backend-flask:7, ecs-svc/2) isn't steady within --timeout; it goes on in AWS.\n",
      );
      expect(exitCode).toBe(3);
    },
    limit,
  );

  test(
    "--no-wait begins several and leaves",
    async () => {
      rollout();
      aws.on("DescribeServices", serviceAnswer([service("backend-flask"), service("backend-authz")]));
      const { exitCode, stdout } = await redeploy(["backend-flask", "backend-authz", "--no-wait"]);
      expect(stdout.trim().split("\n")).toEqual([
        "backend-flask (backend-flask:7, ecs-svc/2) has started: bin/ecs/status shows its progress.",
        "backend-authz (backend-flask:7, ecs-svc/2) has started: bin/ecs/status shows its progress.",
      ]);
      expect(exitCode).toBe(0);
      expect(aws.callsOf("DescribeServices")).toHaveLength(1);
    },
    limit,
  );

  test(
    "Ctrl-C leaves the deployment, and says that it goes on",
    async () => {
      rollout({ deployments: [fresh(), draining] });
      const interruption = new AbortController();
      const running = redeploy(["backend-flask", "--interval", "1h", "--timeout", "1h"], {
        signal: interruption.signal,
      });
      await untilAsync(async () => aws.callsOf("ListTasks").length > 0, "the first look", limit);
      interruption.abort();
      const { exitCode, stderr } = await running;
      expect(stderr).toContain(
        "Interrupted. What was started goes on in AWS (backend-flask): bin/ecs/status shows it.",
      );
      expect(exitCode).toBe(130);
    },
    limit,
  );

  test(
    "what AWS refuses on the way says that the deployment goes on",
    async () => {
      rollout();
      aws.on("DescribeServices", (input, before) =>
        before === 0
          ? serviceAnswer([service("backend-flask")])(input)
          : { error: "ExpiredTokenException", message: "The security token included in the request is expired" },
      );
      const { exitCode, stderr } = await redeploy(["backend-flask"]);
      expect(stderr).toMatch(/^Error: The AWS credentials have expired: .*goes on in AWS \(backend-flask\): .*\.$/m);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(exitCode).toBe(1);
    },
    limit,
  );

  test(
    "nothing is begun for a name that isn't there, or in an account that the settings don't allow",
    async () => {
      aws.on("DescribeServices", serviceAnswer([service("backend-flask")]));
      aws.on("ListServices", () => ({ serviceArns: ["arn:x/cruddur/backend-flask", "arn:x/cruddur/otel-collector"] }));
      const unknown = await redeploy(["backend-flask", "backend-flaks"]);
      expect(unknown.stderr).toBe(
        'Error: There is no service "backend-flaks" in the cluster cruddur (account 123456789012, region eu-central-1): did you mean backend-flask?\n',
      );
      expect(unknown.exitCode).toBe(1);
      const foreign = await redeploy(["backend-flask"], {
        environment: { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
      });
      expect(foreign.stderr).toContain(`These credentials are of account ${standInAccount}`);
      expect(foreign.exitCode).toBe(1);
      expect(aws.callsOf("UpdateService")).toEqual([]);
    },
    limit,
  );

  test(
    "--help tells options and exit codes",
    async () => {
      const { exitCode, stdout } = await redeploy(["--help"]);
      for (const part of ["--no-wait", "--timeout", "--json", "--profile", "--region", "130  interrupted"]) {
        expect(stdout).toContain(part);
      }
      expect(exitCode).toBe(0);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/redeploy"));
  });
});
