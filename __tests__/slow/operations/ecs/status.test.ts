/** `bin/ecs/status` as users call it: over the local AWS, and over a stand-in for what that one doesn't tell. */
import { join } from "node:path";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { runProcess } from "../../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../../local-aws";
import { servicesOf } from "../../../../services";
import { settingsSchema } from "../../../../settings/schema";
import { documentedActions } from "../../../support/documented-actions";
import {
  container,
  deployment,
  service,
  serviceAnswer,
  startOfSample,
  task,
  taskAnswers,
  taskDefinitionArn,
} from "../../../support/ecs-sample";
import { type EcsStandIn, startEcsStandIn } from "../../../support/ecs-stand-in";
import { project } from "../../../support/project";

const limit = 120_000;
const declared = servicesOf(settingsSchema.parse({})).map(({ name }) => name);

const run = (command: string, args: string[], environment: Readonly<Record<string, string>>) =>
  runProcess(join(project, "bin/ecs", command), args, { environment: { ...process.env, ...environment } });

describe("over the local AWS", () => {
  let aws: LocalAws;
  let ecs: ECSClient;
  beforeAll(async () => {
    aws = await startLocalAws({ project, region: "eu-central-1" });
    ecs = new ECSClient({
      endpoint: aws.endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  }, limit);
  afterAll(() => aws?.stop());

  test(
    "no cluster, no credentials, no region, no network: one sentence each",
    async () => {
      const sentences: [RegExp, Record<string, string>][] = [
        [/^Error: There is no such ECS cluster in this account and region: .*\n$/, {}],
        [/^Error: No AWS credentials were found: .*\n$/, { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }],
        [/^Error: No AWS region is known: .*\n$/, { AWS_REGION: "" }],
        [/^Error: AWS can't be reached .*\n$/, { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }],
      ];
      for (const [sentence, environment] of sentences) {
        const { exitCode, stdout, stderr } = await run("status", [], { ...aws.environment, ...environment });
        expect(stderr).toMatch(sentence);
        expect(stdout).toBe("");
        expect(exitCode).toBe(1);
      }
    },
    limit,
  );

  test(
    "a service whose task doesn't run yet, one of another's making, and those that aren't deployed",
    async () => {
      await ecs.send(new CreateClusterCommand({ clusterName: "cruddur" }));
      for (const name of ["backend-flask", "of-another"]) {
        await ecs.send(
          new RegisterTaskDefinitionCommand({
            family: name,
            containerDefinitions: [{ name, image: `registry.example.com/${name}:abc`, memory: 256 }],
          }),
        );
        await ecs.send(
          new CreateServiceCommand({ cluster: "cruddur", serviceName: name, taskDefinition: name, desiredCount: 1 }),
        );
      }
      const { exitCode, stdout } = await run("status", ["--json"], aws.environment);
      const { cluster, services } = JSON.parse(stdout);
      expect(cluster).toBe("cruddur");
      expect(services.map(({ name }: { name: string }) => name)).toEqual([...declared, "of-another"]);
      const [backend, authz] = services;
      expect(backend).toMatchObject({ steady: false, desired: 1, running: 0, pending: 1, tasks: [] });
      expect(backend.reasons).toEqual(expect.arrayContaining(["0 of 1 tasks run", "1 tasks are pending"]));
      expect(backend.deployments).toEqual([
        expect.objectContaining({
          status: "PRIMARY",
          taskDefinition: "backend-flask:1",
          images: { "backend-flask": "registry.example.com/backend-flask:abc" },
        }),
      ]);
      expect(authz).toMatchObject({ name: "backend-authz", steady: false, reasons: ["it is not deployed"] });
      expect(exitCode).toBe(2);
    },
    limit,
  );

  test(
    "bin/ecs/redeploy begins a deployment that status then shows, and gives up in time",
    async () => {
      const { exitCode, stdout } = await run("redeploy", ["backend-flask", "--no-wait", "--json"], aws.environment);
      expect(exitCode).toBe(0);
      const [begun] = JSON.parse(stdout).deployments;
      expect(begun).toMatchObject({ service: "backend-flask", taskDefinition: "backend-flask:1", outcome: "begun" });
      const status = await run("status", ["backend-flask"], aws.environment);
      expect(status.stdout).toContain(begun.deployment);
      expect(status.exitCode).toBe(2);
      const args = ["backend-flask", "--timeout", "2s", "--interval", "1s"];
      const late = await run("redeploy", args, aws.environment);
      expect(late.stderr).toContain("backend-flask: 0 of 1 new tasks run, 1 pending");
      expect(late.stdout).toContain("isn't steady in the time of --timeout");
      expect(late.exitCode).toBe(3);
    },
    limit,
  );

  test(
    "bin/ecs/connect to a service without a running task",
    async () => {
      const { exitCode, stderr } = await run("connect", ["backend-flask", "backend-flask"], aws.environment);
      expect(stderr).toMatch(
        /^Error: No task of the service backend-flask is running \(1 desired, \d pending\): .*\n$/,
      );
      expect(exitCode).toBe(1);
    },
    limit,
  );
});

describe("over a stand-in", () => {
  let aws: EcsStandIn;
  beforeAll(async () => {
    aws = await startEcsStandIn();
  });
  afterAll(() => aws?.stop());
  beforeEach(() => {
    aws.reset();
    aws.on("ListServices", () => ({ serviceArns: declared.map((name) => `arn:x/cruddur/${name}`) }));
    aws.on("DescribeServices", serviceAnswer(declared.map((name) => service(name))));
    aws.on("DescribeTaskDefinition", () => ({
      taskDefinition: {
        containerDefinitions: [
          { name: "backend-flask", image: "registry.example.com/backend-flask" },
          { name: "envoy", image: "registry.example.com/envoy:dns-family-v4" },
        ],
      },
    }));
    tasks(declared.map((name) => task(`1d${name}`, name)));
  });

  function tasks(all: ReturnType<typeof task>[]): void {
    aws.on("ListTasks", taskAnswers(all).list);
    aws.on("DescribeTasks", taskAnswers(all).describe);
  }

  test(
    "steady services: tables, and exit 0",
    async () => {
      const { exitCode, stdout, stderr } = await run("status", [], aws.environment);
      const since = new Date(startOfSample * 1000).toISOString();
      const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
      expect(lines).toEqual(
        expect.arrayContaining([
          ["SERVICE", "STEADY", "DESIRED", "RUNNING", "PENDING", "HEALTH"],
          ["backend-flask", "yes", "1", "1", "0", "1 healthy"],
          ["backend-flask", "ecs-svc/1", "PRIMARY", "COMPLETED", "backend-flask:7", "1/1", "0", since],
          ["backend-flask", "1dbackend-flask", "RUNNING", "HEALTHY", "backend-flask:7", since],
          ["backend-flask:7", "envoy", "registry.example.com/envoy:dns-family-v4"],
          ["Every service is steady."],
        ]),
      );
      expect(stderr).toBe("");
      expect(exitCode).toBe(0);
      // One task definition that four services have is asked for once.
      expect(aws.callsOf("DescribeTaskDefinition")).toHaveLength(1);
    },
    limit,
  );

  test(
    "a failed deployment and an unhealthy task are told with their reasons, and exit 2",
    async () => {
      const failed = deployment("2", {
        rolloutState: "FAILED",
        rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
        taskDefinition: taskDefinitionArn("backend-flask", 8),
      });
      const deployments = [failed, deployment("1", { status: "ACTIVE" })];
      aws.on("DescribeServices", serviceAnswer([service("backend-flask", { deployments })]));
      tasks([
        task("abc", "backend-flask", {
          healthStatus: "UNHEALTHY",
          containers: [container("envoy", { healthStatus: "UNHEALTHY", imageDigest: "sha256:1" })],
        }),
      ]);
      const { exitCode, stdout } = await run("status", ["backend-flask"], aws.environment);
      expect(stdout).toContain(
        "backend-flask isn't steady: 2 deployments have tasks; the deployment ecs-svc/2 is FAILED; the task abc is unhealthy.",
      );
      expect(stdout).toContain("  ecs-svc/2: ECS deployment circuit breaker: tasks failed to start.");
      expect(exitCode).toBe(2);
      const { stdout: json } = await run("status", ["backend-flask", "--json"], aws.environment);
      expect(JSON.parse(json).services[0].tasks[0].containers).toEqual([
        { name: "envoy", lastStatus: "RUNNING", health: "UNHEALTHY", image: "envoy", imageDigest: "sha256:1" },
      ]);
    },
    limit,
  );

  test(
    "--help tells options and exit codes",
    async () => {
      const { exitCode, stdout } = await run("status", ["--help"], aws.environment);
      for (const part of ["--json", "--profile", "--region", "2  a service isn't steady"])
        expect(stdout).toContain(part);
      expect(exitCode).toBe(0);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/status"));
  });
});
