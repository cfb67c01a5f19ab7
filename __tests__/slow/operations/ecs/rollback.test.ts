/** `bin/ecs/rollback` and `bin/ecs/scale` as users call them, over a stand-in of ECS that tells the rollouts. */
import { join } from "node:path";
import { type RunOptions, runProcess } from "../../../../lib/run-process";
import { documentedActions } from "../../../support/documented-actions";
import { deployment, service, serviceAnswer, startOfSample, taskDefinitionArn } from "../../../support/ecs-sample";
import { type EcsStandIn, standInAccount, startEcsStandIn } from "../../../support/ecs-stand-in";
import { project } from "../../../support/project";
import { onTerminal } from "../../../support/terminal";

const limit = 60_000;
const arn = (revision: number) => taskDefinitionArn("backend-flask", revision);

describe("on the stand-in", () => {
  let aws: EcsStandIn;
  /** Revisions with what the stand-in says of each. */
  let definitions: Map<string, Record<string, unknown>>;
  beforeAll(async () => {
    aws = await startEcsStandIn();
  });
  afterAll(() => aws?.stop());
  beforeEach(() => {
    aws.reset();
    definitions = new Map(
      [5, 6, 7].map((revision) => [arn(revision), definition(revision, revision === 7 ? "ACTIVE" : "INACTIVE")]),
    );
    aws.on("ListServices", () => ({ serviceArns: ["arn:x/cruddur/backend-flask"] }));
    // The first look is before the update.
    const running = (revision: number) =>
      service("backend-flask", {
        taskDefinition: arn(revision),
        deployments: [deployment(String(revision), { taskDefinition: arn(revision) })],
      });
    let now = running(7);
    aws.on("DescribeServices", ({ services }) => serviceAnswer([now])({ services }));
    aws.on("UpdateService", ({ taskDefinition, desiredCount }) => {
      now = {
        ...running(Number(/\d+$/.exec(String(taskDefinition ?? arn(7)))?.[0])),
        ...(desiredCount !== undefined && { desiredCount: Number(desiredCount), runningCount: Number(desiredCount) }),
      };
      return { service: now };
    });
    aws.on("ListTasks", () => ({ taskArns: [] }));
    aws.on("ListTaskDefinitions", ({ status }) => ({
      taskDefinitionArns: [
        ...[...definitions].filter(([, one]) => one.status === status).map(([key]) => key),
        // Of a family whose name begins alike.
        ...(status === "ACTIVE" ? [taskDefinitionArn("backend-flask-2", 9)] : []),
      ],
    }));
    aws.on("DescribeTaskDefinition", ({ taskDefinition }) => ({
      taskDefinition: definitions.get(String(taskDefinition)),
      tags: [{ key: "team", value: "cruddur" }],
    }));
    aws.on("RegisterTaskDefinition", (input) => {
      definitions.set(arn(8), { ...input, revision: 8, status: "ACTIVE", taskDefinitionArn: arn(8) });
      return { taskDefinition: definitions.get(arn(8)) };
    });
  });

  const definition = (revision: number, status: string, image = `backend-flask:v${revision}`) => ({
    taskDefinitionArn: arn(revision),
    revision,
    status,
    family: "backend-flask",
    cpu: "256",
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [{ name: "x" }],
    registeredAt: Date.now() / 1000 - (8 - revision) * 86_400,
    registeredBy: `arn:aws:sts::${standInAccount}:assumed-role/deploy/andrew`,
    deregisteredAt: startOfSample,
    containerDefinitions: [{ name: "backend-flask", image: `r.example.com/${image}` }],
  });

  const run = (command: string, args: string[], { environment, ...more }: RunOptions = {}) =>
    runProcess(join(project, "bin/ecs", command), args, {
      environment: { ...process.env, ...aws.environment, ...environment },
      ...more,
    });
  const updates = () => aws.callsOf("UpdateService").map(({ input }) => input);

  test(
    "what Terraform has deregistered is registered anew, and run; it says what the next plan will do",
    async () => {
      const { exitCode, stdout, stderr } = await run("rollback", ["backend-flask", "--yes", "--interval", "1s"]);
      expect(stderr).toMatch(
        /^REVISION +AGE +REGISTERED BY +IMAGES\nbackend-flask:7 \(runs\) +1 day +andrew +backend-flask:v7\nbackend-flask:6 \(deregistered\) +2 days +andrew +backend-flask:v6\n/,
      );
      expect(stderr).not.toContain("backend-flask-2");
      expect(stderr).toContain("backend-flask:6 is deregistered: registered a copy of it, backend-flask:8");
      const {
        taskDefinitionArn,
        revision,
        status,
        compatibilities,
        requiresAttributes,
        registeredAt,
        registeredBy,
        deregisteredAt,
        ...own
      } = definition(6, "INACTIVE");
      expect(aws.callsOf("RegisterTaskDefinition").map(({ input }) => input)).toEqual([
        { ...own, tags: [{ key: "team", value: "cruddur" }] },
      ]);
      expect(updates()).toEqual([{ cluster: "cruddur", service: "backend-flask", taskDefinition: arn(8) }]);
      expect([exitCode, stdout]).toEqual([0, "backend-flask (backend-flask:8) is steady.\n"]);
      expect(stderr).toContain("The configuration still has backend-flask:7: the next plan puts it back");
    },
    limit,
  );

  test(
    "a second time it goes further back: never to what the first one left",
    async () => {
      expect((await run("rollback", ["backend-flask", "--yes", "--interval", "1s"])).exitCode).toBe(0);
      const { exitCode, stderr } = await run("rollback", ["backend-flask", "--yes", "--no-wait"]);
      expect(stderr).toMatch(/^backend-flask:8 \(runs; backend-flask:6 again\)/m);
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("backend-flask:5 is deregistered: registered")]);
    },
    limit,
  );

  test(
    "where nothing is before the original of what runs, it says so",
    async () => {
      definitions.delete(arn(5));
      expect((await run("rollback", ["backend-flask", "--yes", "--interval", "1s"])).exitCode).toBe(0);
      const { exitCode, stderr } = await run("rollback", ["backend-flask", "--yes", "--no-wait"]);
      expect([exitCode, stderr]).toEqual([
        1,
        "Error: backend-flask runs backend-flask:8, which is backend-flask:6 again, and there is no revision before it (known: 8, 7, 6): name another one with --to.\n",
      ]);
    },
    limit,
  );

  test(
    "a revision by name, as JSON; one that is registered is run as it is, and images of the same name are told",
    async () => {
      definitions.set(arn(5), definition(5, "ACTIVE", "backend-flask:v7"));
      const args = ["backend-flask", "--to", "backend-flask:5", "--yes", "--json", "--no-wait"];
      const { exitCode, stdout, stderr } = await run("rollback", args);
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        0,
        expect.objectContaining({
          service: "backend-flask",
          from: "backend-flask:7",
          to: "backend-flask:5",
          outcome: "begun",
        }),
      ]);
      expect(updates()).toEqual([expect.objectContaining({ taskDefinition: arn(5) })]);
      expect(stderr).toContain("backend-flask:5 and backend-flask:7 name the same images");
    },
    limit,
  );

  test(
    "asks at a terminal, lists without a question, and changes nothing without a yes",
    async () => {
      const terminal = onTerminal(join(project, "bin/ecs/rollback"), ["backend-flask"], {
        cwd: project,
        env: { ...process.env, ...aws.environment },
      });
      await terminal.sees('Put backend-flask back from backend-flask:7 to backend-flask:6? Only "yes" does:', limit);
      terminal.types("no\r");
      expect(await terminal.ended).toBe(2);
      const list = await run("rollback", ["backend-flask", "--list", "--json"]);
      expect(JSON.parse(list.stdout).revisions.map(({ revision }: { revision: number }) => revision)).toEqual([
        7, 6, 5,
      ]);
      expect([updates(), aws.callsOf("RegisterTaskDefinition")]).toEqual([[], []]);
    },
    limit,
  );

  test(
    "scale waits for that many tasks, and says what the next plan will do",
    async () => {
      const { exitCode, stdout, stderr } = await run("scale", ["backend-flask", "3", "--interval", "1s"]);
      expect(updates()).toEqual([{ cluster: "cruddur", service: "backend-flask", desiredCount: 3 }]);
      expect([exitCode, stdout]).toEqual([0, "backend-flask (backend-flask:7) is steady. Tasks: 1 → 3.\n"]);
      expect(stderr).toContain("set the Terraform variable ecs_service_desired_count");
      const scaled = await run("scale", ["backend-flask", "0", "--no-wait"], {
        environment: { CRUDDUR_AUTOSCALING: '{"backend-flask": {"min": 1, "max": 4, "cpuPercent": 60}}' },
      });
      expect([scaled.exitCode, scaled.stderr]).toEqual([
        0,
        expect.stringContaining("between 1 and 4 tasks: AWS goes on from 0"),
      ]);
      expect(scaled.stderr).not.toContain("the next plan");
    },
    limit,
  );

  test(
    "a deployment that doesn't come up ends with 3",
    async () => {
      aws.on("DescribeServices", ({ services }, before) =>
        serviceAnswer([
          service("backend-flask", {
            taskDefinition: arn(7),
            ...(before > 0 && { deployments: [deployment("7", { rolloutState: "IN_PROGRESS", runningCount: 0 })] }),
          }),
        ])({ services }),
      );
      const { exitCode, stdout } = await run("scale", ["backend-flask", "2", "--interval", "1s", "--timeout", "1s"]);
      expect([exitCode, stdout]).toEqual([
        3,
        expect.stringContaining("isn't steady within --timeout; it goes on in AWS."),
      ]);
    },
    limit,
  );

  const refusals: [what: string, command: string, args: string[], sentence: RegExp, environment?: NodeJS.ProcessEnv][] =
    [
      ["no such service", "rollback", ["backend-flaks", "--yes"], /did you mean backend-flask\?/],
      [
        "no such revision",
        "rollback",
        ["backend-flask", "--to", "99", "--yes"],
        /backend-flask has no revision 99: known are 7, 6, 5\./,
      ],
      [
        "the one that runs",
        "rollback",
        ["backend-flask", "--to", "7", "--yes"],
        /backend-flask runs backend-flask:7 already/,
      ],
      ["no terminal", "rollback", ["backend-flask"], /There is no terminal to ask on: give --yes/],
      ["no number", "scale", ["backend-flask", "two"], /The number of tasks is "two": give a whole number/],
      [
        "another account",
        "scale",
        ["backend-flask", "2"],
        /the setting allowedAccountIds/,
        { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
      ],
    ];
  test.each(refusals.map((refusal) => ({ what: refusal[0], refusal })))(
    "$what: one sentence, and nothing changes",
    async ({ refusal: [, command, args, sentence, environment] }) => {
      const { exitCode, stdout, stderr } = await run(command, args, { environment });
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringMatching(sentence)]);
      expect(updates()).toEqual([]);
    },
    limit,
  );

  test("the documented policy has the actions that all of the above asked for, and no more", () => {
    expect(aws.actions()).toEqual(documentedActions("bin/ecs/rollback", "running.md"));
  });
});
