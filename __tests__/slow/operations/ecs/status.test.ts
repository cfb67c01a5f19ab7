/** `bin/ecs/status` as users call it: over the local AWS, and over a stand-in for what that one doesn't tell. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { runProcess } from "../../../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../../../local/aws";
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
import { until } from "../../../support/processes";
import { project } from "../../../support/project";
import { ctrlC, onTerminal } from "../../../support/terminal";

const limit = 120_000;
const declared = servicesOf(settingsSchema.parse({})).map(({ name }) => name);

const run = (command: string, args: string[], environment: NodeJS.ProcessEnv) =>
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
        [/^Error: There is no ECS cluster cruddur \(account 123456789012, region eu-central-1\): deploy .*\n$/, {}],
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
      expect(backend.reasons).toEqual(expect.arrayContaining(["0 of 1 tasks run", "1 task is pending"]));
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
      expect(late.stdout).toContain("isn't steady within --timeout");
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

  /** `api` leads to the backend by a rule, the listener's own certificate to the frontend. */
  function behindALoadBalancer(health: object): void {
    const group = (name: string) => `arn:${name}`;
    const of = (name: string, groupName: string) =>
      service(name, { loadBalancers: [{ targetGroupArn: group(groupName), containerName: name, containerPort: 80 }] });
    const all = [of("backend-flask", "api-tg"), of("frontend-react-js", "app-tg")];
    aws.on("DescribeServices", serviceAnswer(all));
    aws.on("ListServices", () => ({ serviceArns: all.map(({ serviceArn }) => serviceArn) }));
    aws.on("DescribeTargetGroups", (input) => {
      const arn = String(input["TargetGroupArns.member.1"]);
      return { TargetGroups: [{ TargetGroupName: arn.slice(4), TargetGroupArn: arn, LoadBalancerArns: ["arn:lb"] }] };
    });
    const certificates = [{ CertificateArn: "arn:certificate" }];
    const listener = { ListenerArn: "arn:l", Protocol: "HTTPS", Port: 443, Certificates: certificates };
    aws.on("DescribeListeners", () => ({ Listeners: [listener] }));
    const forward = (name: string) => [{ Type: "forward", TargetGroupArn: group(name) }];
    const host = { Field: "host-header", HostHeaderConfig: { Values: ["api.cruddur.example.com"] } };
    aws.on("DescribeRules", () => ({
      Rules: [
        { Conditions: [host], Actions: forward("api-tg") },
        { IsDefault: true, Conditions: [], Actions: forward("app-tg") },
      ],
    }));
    aws.on("DescribeCertificate", () => ({ Certificate: { DomainName: "cruddur.example.com" } }));
    aws.on("DescribeTargetHealth", () => ({
      TargetHealthDescriptions: [{ Target: { Id: "10.0.0.7", Port: 8800 }, TargetHealth: health }],
    }));
  }

  test(
    "steady services: each thing once, and exit 0",
    async () => {
      const createdAt = Date.now() / 1000 - 3 * 3600 - 5;
      const event = { id: "1", createdAt, message: "(service backend-flask) has reached a steady state." };
      aws.on("DescribeServices", serviceAnswer(declared.map((name) => service(name, { events: [event] }))));
      const { exitCode, stdout, stderr } = await run("status", [], aws.environment);
      const days = `${Math.floor((Date.now() / 1000 - startOfSample) / 86_400)} days`;
      const [backend, ...others] = stdout.trimEnd().split("\n\n");
      expect(backend?.split("\n")).toEqual([
        "backend-flask: steady, 1 of 1 task runs",
        `  deployment  backend-flask:7 by ecs-svc/1, completed, begun ${days} ago`,
        "              backend-flask  registry.example.com/backend-flask",
        "              envoy          registry.example.com/envoy:dns-family-v4",
        `  task        1dbackend-flask healthy, for ${days}`,
        "  last event  3 hours ago: has reached a steady state.",
      ]);
      expect(others).toHaveLength(declared.length);
      expect(others.at(-1)).toBe("Every service is steady.");
      expect(stderr).toBe("");
      expect(exitCode).toBe(0);
      // One task definition that four services have is asked for once.
      expect(aws.callsOf("DescribeTaskDefinition")).toHaveLength(1);
    },
    limit,
  );

  test(
    "URLs and targets, as the load balancer has them",
    async () => {
      behindALoadBalancer({ State: "healthy" });
      const { exitCode, stdout } = await run("status", ["backend-flask", "frontend-react-js"], aws.environment);
      expect(stdout).toContain("\n  URL         https://api.cruddur.example.com (targets: 1 healthy)\n");
      expect(stdout).toContain("\n  URL         https://cruddur.example.com (targets: 1 healthy)\n");
      expect(exitCode).toBe(0);
      expect([aws.callsOf("DescribeListeners"), aws.callsOf("DescribeRules")].map(({ length }) => length)).toEqual([
        1, 1,
      ]);
      behindALoadBalancer({ State: "unhealthy", Description: "Health checks failed with these codes: [502]" });
      const sick = await run("status", ["backend-flask"], aws.environment);
      expect(sick.stdout).toContain("backend-flask: NOT STEADY");
      expect(sick.stdout).toContain(
        "! target      10.0.0.7:8800 unhealthy: Health checks failed with these codes: [502]\n",
      );
      expect(sick.exitCode).toBe(2);
    },
    limit,
  );

  test(
    "a load balancer that may not be asked is told, and the rest as well",
    async () => {
      behindALoadBalancer({ State: "healthy" });
      aws.on("DescribeTargetHealth", () => ({ error: "AccessDenied", message: "User is not authorized." }));
      const { exitCode, stdout } = await run("status", ["backend-flask"], aws.environment);
      expect(stdout).toContain(
        "  targets     not known: AWS denies this to these credentials: User is not authorized\n",
      );
      expect(stdout).toContain("1dbackend-flask healthy");
      expect(exitCode).toBe(0);
    },
    limit,
  );

  test(
    "a failed deployment and an unhealthy task are marked, with their reasons, and exit 2",
    async () => {
      const failed = deployment("2", {
        rolloutState: "FAILED",
        rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
        taskDefinition: taskDefinitionArn("backend-flask", 8),
        failedTasks: 3,
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
      const lines = stdout.split("\n").filter((line) => line.startsWith("!"));
      expect(lines).toEqual([
        expect.stringMatching(
          /^! deployment {2}backend-flask:8 by ecs-svc\/2, FAILED, begun \d+ days ago, 1 of 1 tasks run, 3 failed: ECS deployment circuit breaker: tasks failed to start\.$/,
        ),
        expect.stringMatching(
          /^! deployment {2}backend-flask:7 by ecs-svc\/1, older, completed, begun .* ago, 1 of 1 tasks run$/,
        ),
        expect.stringMatching(/^! task {8}abc unhealthy \(envoy\), of backend-flask:7, for \d+ days$/),
      ]);
      expect(stdout).toContain("1 of 1 services isn't steady: backend-flask.");
      expect(exitCode).toBe(2);
      const { stdout: json } = await run("status", ["backend-flask", "--json"], aws.environment);
      const [status] = JSON.parse(json).services;
      expect(status.reasons).toEqual([
        "2 deployments have tasks",
        "the deployment ecs-svc/2 is FAILED",
        "the task abc is unhealthy",
      ]);
      expect(status.tasks[0].containers).toEqual([
        { name: "envoy", lastStatus: "RUNNING", health: "UNHEALTHY", image: "envoy", imageDigest: "sha256:1" },
      ]);
    },
    limit,
  );

  test(
    "--watch in a pipe: prints when something changes, goes on over an outage, and Ctrl-C ends it with 0",
    async () => {
      let running = 1;
      let looks = 0;
      aws.on("DescribeServices", (input) => {
        looks += 1;
        if (looks === 3) return { error: "ThrottlingException", message: "Rate exceeded" };
        return serviceAnswer([service("backend-flask", { runningCount: running })])(input);
      });
      const environment = { ...process.env, ...aws.environment, AWS_MAX_ATTEMPTS: "1" };
      const args = ["backend-flask", "--watch", "--interval", "1s"];
      const child = spawn(join(project, "bin/ecs/status"), args, { env: environment });
      let shown = "";
      child.stdout.on("data", (data) => (shown += data));
      const heads = () => shown.split("\n").filter((line) => line.startsWith("backend-flask: "));
      await until(() => heads().length === 1 && looks >= 5, "several looks");
      expect(heads()).toEqual(["backend-flask: steady, 1 of 1 task runs"]);
      running = 0;
      await until(() => heads().length === 2, "the change");
      expect(heads()[1]).toBe("backend-flask: NOT STEADY, 0 of 1 task runs");
      expect(shown.split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      const ended = new Promise((resolve) => child.on("exit", (...end) => resolve(end)));
      child.kill("SIGINT");
      expect(await ended).toEqual([0, null]);
    },
    limit,
  );

  test(
    "--watch on a terminal: drawn anew in place, and what was there before comes back",
    async () => {
      let running = 1;
      aws.on("DescribeServices", (input) =>
        serviceAnswer([service("backend-flask", { runningCount: running })])(input),
      );
      const env = { ...process.env, ...aws.environment };
      const args = ["backend-flask", "--watch", "--interval", "1s"];
      const terminal = onTerminal(join(project, "bin/ecs/status"), args, { cwd: project, env });
      await terminal.sees("backend-flask: steady");
      running = 0;
      await terminal.sees("backend-flask: NOT STEADY");
      terminal.types(ctrlC);
      expect(await terminal.ended).toBe(0);
      const [before, drawn = "", after = ""] = terminal.shown().split(/.\[\?1049[hl]/su);
      expect(before).toBe("");
      expect(drawn.split("\x1b[H").length).toBeGreaterThan(2);
      expect(drawn).toContain("every 1 s. Ctrl-C ends.");
      expect(after).toContain("backend-flask: NOT STEADY, 0 of 1 task runs");
    },
    limit,
  );

  test(
    "--help tells options and exit codes",
    async () => {
      const { exitCode, stdout } = await run("status", ["--help"], aws.environment);
      for (const part of ["--json", "--profile", "--region", "2    a service isn't steady"])
        expect(stdout).toContain(part);
      expect(exitCode).toBe(0);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/status"));
  });
});
