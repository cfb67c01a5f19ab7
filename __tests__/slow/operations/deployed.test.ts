/**
 * What the commands say of a deployed system: both stacks applied by the real Terraform and AWS provider to the local AWS, the
 * commands run as a user types them, and real plans explained.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateServiceCommand, DeleteServiceCommand, ECSClient } from "@aws-sdk/client-ecs";
import { IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type RunResult, runProcess } from "../../../lib/run-process";
import type { LocalAws } from "../../../local/aws";
import { tfVariables } from "../../../local/trial/sample-variables";
import { awsNamesOf } from "../../../services/aws-names";
import { Terraform } from "../../../terraform/terraform";
import { deployedSystem } from "../../support/aws/deployed";
import { until } from "../../support/processes";
import { project, type Settings, stackFolder, synthesizeTo } from "../../support/project";
import { encodedForms } from "../../support/secrets";

const { logGroup: logGroupName } = awsNamesOf();

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "deployed-"));
const local: Settings = { CRUDDUR_BACKEND_DIRECTORY: folder };
const said: string[] = [];
let aws: LocalAws;
const region = "us-east-1";
let variables: Readonly<Record<string, string>>;
let secrets: Readonly<Record<string, string>>;
// biome-ignore lint/suspicious/noExplicitAny: any client of the SDK.
let client: any;

beforeAll(async () => {
  const deployed = await deployedSystem();
  ({ aws, variables, secrets } = deployed);
  deployed.writeStates(folder);
  client = { endpoint: aws.endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  for (const stack of ["network", "app"]) await (await terraformOf(stack)).init();
}, 10 * minute);

afterAll(async () => {
  // Whatever any of them has said, no secret was in it.
  for (const form of Object.values(secrets).flatMap(encodedForms)) expect(said.join("\n")).not.toContain(form);
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A stack as it is synthesized with these settings. */
async function terraformOf(stack: string, settings: Settings = {}, values = variables): Promise<Terraform> {
  const outdir = join(folder, "cdktf.out");
  const { exitCode, stderr } = await synthesizeTo(outdir, { ...local, ...settings });
  expect([exitCode, stderr]).toEqual([0, ""]);
  return new Terraform(stackFolder(outdir, stack), { environment: { ...aws.environment, ...tfVariables(values) } });
}

async function run(command: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const environment = { PATH: process.env.PATH, HOME: folder, ...local, ...aws.environment, ...tfVariables(variables) };
  const result = await runProcess(join(project, "bin", command), args, {
    cwd: folder,
    environment: { ...environment, ...more },
  });
  said.push(result.stdout, result.stderr);
  return result;
}

describe("bin/ecs/diff", () => {
  test(
    "after a deploy nothing differs",
    async () => {
      const { exitCode, stdout, stderr } = await run("ecs/diff");
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout.trim().split("\n")).toEqual([
        "backend-flask (backend-flask:1): same",
        "backend-authz (backend-authz:1): same",
        "frontend-react-js (frontend-react-js:1): same",
        "otel-collector (otel-collector:1): same",
      ]);
    },
    minute,
  );

  test(
    "a setting that changes a task definition shows, by container and name",
    async () => {
      const { exitCode, stdout } = await run("ecs/diff", ["backend-flask"], { CRUDDUR_BACKEND_TRACES: "collector" });
      expect(exitCode).toBe(2);
      expect(stdout.trim().split("\n")).toEqual([
        "backend-flask (backend-flask:1): differs",
        "  container backend-flask: environment + AWS_XRAY_SDK_ENABLED, ~ OTEL_EXPORTER_OTLP_ENDPOINT",
        "  container backend-flask: secrets - OTEL_EXPORTER_OTLP_HEADERS",
        "  container xray: gone",
      ]);
    },
    minute,
  );

  test(
    "another domain shows, and one that isn't known says so",
    async () => {
      const other = await run("ecs/diff", ["--json"], { TF_VAR_cruddur_dns_name: "other.example.com" });
      expect(other.exitCode).toBe(2);
      const { services } = JSON.parse(other.stdout);
      expect(services[0]).toMatchObject({
        service: "backend-flask",
        containers: [{ container: "backend-flask", differences: ["environment ~ BACKEND_URL, ~ FRONTEND_URL"] }],
        isPartial: false,
      });
      const unknown = await run("ecs/diff", [], { TF_VAR_cruddur_dns_name: undefined });
      expect([unknown.exitCode, unknown.stdout]).toEqual([0, expect.stringContaining("give --var-file FILE")]);
      const file = join(folder, "team.tfvars");
      writeFileSync(file, 'cruddur_dns_name = "cruddur.example.com"\nunrelated = "x"\n');
      const known = await run("ecs/diff", ["--var-file", "team.tfvars"], { TF_VAR_cruddur_dns_name: undefined });
      expect([known.exitCode, known.stdout]).toEqual([0, expect.not.stringContaining("--var-file")]);
    },
    2 * minute,
  );

  test(
    "what runs beside the stacks' services",
    async () => {
      const ecs = new ECSClient(client);
      const by = { cluster: "cruddur", serviceName: "by-hand", taskDefinition: "backend-authz", desiredCount: 0 };
      await ecs.send(new CreateServiceCommand(by));
      const { exitCode, stdout } = await run("ecs/diff");
      await ecs.send(new DeleteServiceCommand({ cluster: "cruddur", service: "by-hand", force: true }));
      expect([exitCode, stdout.trim().split("\n").at(-1)]).toEqual([
        2,
        "by-hand (backend-authz:1): isn't in the stacks",
      ]);
    },
    minute,
  );

  test(
    "no such service, with the nearest",
    async () => {
      const { exitCode, stderr } = await run("ecs/diff", ["backend-flsk"]);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Error: .*did you mean backend-flask\?\n$/)]);
    },
    minute,
  );
});

// Before the next ones take things away, which would make much of these plans unknown.
describe("npm run explain", () => {
  /** The plan of a stack with these settings, as `terraform show -json` prints it. */
  async function planned(
    stack: string,
    settings: Settings,
    args: readonly string[] = [],
    values = variables,
  ): Promise<string> {
    const terraform = await terraformOf(stack, settings, values);
    await terraform.init();
    await terraform.plan({ args, file: "explained.plan" });
    const { stdout } = await terraform.attempt("show", "-json", "-no-color", "explained.plan");
    const file = join(folder, `${stack}.json`);
    writeFileSync(file, stdout);
    return file;
  }

  async function explain(...args: string[]): Promise<RunResult> {
    const result = await runProcess("npm", ["run", "--silent", "explain", "--", ...args], { cwd: project });
    said.push(result.stdout, result.stderr);
    return result;
  }

  test(
    "nothing to do is 0",
    async () => {
      const { exitCode, stdout } = await explain(await planned("network", {}));
      expect([exitCode, stdout.trim()]).toEqual([0, "network: nothing changes."]);
    },
    2 * minute,
  );

  test(
    "a restart says which containers change in what, and no value of theirs",
    async () => {
      const restart = await explain(await planned("app", { CRUDDUR_BACKEND_TRACES: "collector" }));
      expect(restart.exitCode).toBe(2);
      expect(restart.stdout).toContain("environment + AWS_XRAY_SDK_ENABLED, ~ OTEL_EXPORTER_OTLP_ENDPOINT");
      expect(restart.stdout).not.toContain("DESTROYED");

      const another = `s3cr3t<&"${randomUUID()}`;
      Object.assign(secrets, { another });
      const { exitCode, stdout } = await explain(
        await planned("app", {}, [], { ...variables, honeycomb_api_key: another }),
      );
      expect(exitCode).toBe(2);
      expect(stdout).toContain('aws_ssm_parameter.secret["HONEYCOMB_API_KEY"]');
      expect(stdout).toContain("(sensitive) → (sensitive, changed)");
      expect(stdout).not.toContain("DESTROYED");
    },
    4 * minute,
  );

  test(
    "what would be lost is loud, what holds data first, and the exit code is 3",
    async () => {
      const file = await planned("app", { CRUDDUR_PREVENT_DESTROY: "false" }, ["-destroy"]);
      const { exitCode, stdout } = await explain(file);
      expect(exitCode).toBe(3);
      expect(stdout).toMatch(/DESTROYED OR REPLACED/);
      expect(stdout).toMatch(/HOLDING DATA/);
      const [database, role] = ["aws_db_instance.cruddur", "aws_iam_role.task"].map((address) =>
        stdout.indexOf(address),
      );
      expect(database).toBeGreaterThan(0);
      expect(database).toBeLessThan(role as number);
      const { changes } = JSON.parse((await explain("--json", file)).stdout);
      expect(changes[0]).toMatchObject({ destructive: true, stateful: true });
      expect((await explain("--markdown", file)).stdout).toContain("aws_dynamodb_table.cruddur_messages_table");
    },
    2 * minute,
  );
});

describe("bin/ecs/verify", () => {
  const verify = async () => {
    const { exitCode, stdout } = await run("ecs/verify", ["--json"]);
    const { findings } = JSON.parse(stdout) as {
      findings: { status: string; check: string; subject: string; detail: string }[];
    };
    const failed = findings.filter(({ status }) => status !== "ok");
    return { exitCode, findings, failed: failed.map(({ check, subject, detail }) => `${check} ${subject}: ${detail}`) };
  };
  const registry = `123456789012.dkr.ecr.${region}.amazonaws.com`;
  /** The state's own 14.6, which the defaults keep: a warning, whatever else is found. */
  const retiring = expect.stringMatching(/^database cruddur-db-instance: 14\.6 names a minor version/);

  test(
    "a fresh deploy lacks its images, and nothing else",
    async () => {
      const { exitCode, findings, failed } = await verify();
      expect(exitCode).toBe(2);
      expect(failed.sort()).toEqual([
        retiring,
        `image ${registry}/authz: it isn't in ECR: run bin/build-push authz`,
        `image ${registry}/backend-flask: it isn't in ECR: run bin/build-push backend-flask`,
        `image ${registry}/envoy:dns-family-v4: it isn't in ECR: run bin/build-push envoy`,
        `image ${registry}/frontend-react-js: it isn't in ECR: run bin/build-push frontend-react-js`,
        `image ${registry}/otel-collector: it isn't in ECR: run bin/build-push otel-collector`,
      ]);
      expect(
        findings
          .filter(({ status }) => status === "ok")
          .map(({ check, subject }) => `${check} ${subject}`)
          .sort(),
      ).toEqual([
        "certificate cruddur.example.com",
        "cluster cruddur",
        `log group ${logGroupName}`,
        "permission CruddurServiceExecutionRole",
        "role CruddurServiceExecutionRole",
        "role CruddurTaskRole",
        "secret /cruddur/backend-flask/AWS_COGNITO_USER_POOL_CLIENT_ID",
        "secret /cruddur/backend-flask/AWS_COGNITO_USER_POOL_ID",
        "secret /cruddur/backend-flask/CONNECTION_URL",
        "secret /cruddur/backend-flask/HONEYCOMB_API_KEY",
        "secret /cruddur/backend-flask/OTEL_EXPORTER_OTLP_HEADERS",
        "secret /cruddur/backend-flask/ROLLBAR_ACCESS_TOKEN",
        "target group cruddur-backend-envoy-tg",
        "target group frontend-react-js-tg",
        "target group otel-collector-tg",
      ]);
    },
    minute,
  );

  test(
    "with its images it is fit; a secret that is gone and a role for others aren't",
    async () => {
      const ecr = new ECRClient(client);
      const images = [
        ["authz"],
        ["backend-flask"],
        ["envoy", "dns-family-v4"],
        ["frontend-react-js"],
        ["otel-collector"],
      ];
      for (const [repositoryName, imageTag = "latest"] of images) {
        const imageManifest = JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.docker.distribution.manifest.v2+json",
          config: { digest: repositoryName },
        });
        await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
      }
      const fit = await run("ecs/verify");
      expect([fit.exitCode, fit.stderr]).toEqual([0, ""]);
      expect(fit.stdout).toContain(`Account 123456789012, region ${region}: nothing is missing.`);

      await new SSMClient(client).send(new DeleteParameterCommand({ Name: "/cruddur/backend-flask/CONNECTION_URL" }));
      const trust = (service: string) => ({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
      });
      await new IAMClient(client).send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: "CruddurTaskRole",
          PolicyDocument: JSON.stringify(trust("ec2.amazonaws.com")),
        }),
      );
      const unfit = await verify();
      expect([unfit.exitCode, unfit.failed]).toEqual([
        2,
        [
          "secret /cruddur/backend-flask/CONNECTION_URL: there is no such SSM parameter: deploy the app stack",
          "role CruddurTaskRole: its trust policy doesn't let ecs-tasks.amazonaws.com assume it",
          retiring,
        ],
      ]);
    },
    2 * minute,
  );

  test(
    "where nothing is deployed each check says what is missing",
    async () => {
      const { exitCode, stdout, stderr } = await run("ecs/verify", ["--region", "eu-west-1"]);
      expect([exitCode, stderr]).toEqual([2, ""]);
      for (const text of [
        "no such cluster",
        "no such SSM parameter",
        "no such target group",
        "no such log group",
        "no such certificate",
      ]) {
        expect(stdout).toContain(text);
      }
    },
    minute,
  );
});

describe("bin/ecs/logs", () => {
  const write = async (stream: string, messages: readonly string[], isNew = true) => {
    const logs = new CloudWatchLogsClient(client);
    if (isNew) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: stream }));
    const logEvents = messages.map((message, index) => ({ message, timestamp: Date.now() - 1000 + index }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }));
  };

  test(
    "the service's containers in the order of time, one alone, and nobody else's",
    async () => {
      await write("backend-flask/backend-flask/0123456789abcdef", ["one", "two"]);
      await write("envoy/envoy/0123456789abcdef", ["three"]);
      await write("authz/authz/fedcba9876543210", ["not mine"]);
      const all = await run("ecs/logs", ["backend-flask"]);
      expect([all.exitCode, all.stderr]).toEqual([0, ""]);
      const lines = all.stdout.trim().split("\n");
      expect(lines.map((line) => line.replace(/^\d{4}-\S+Z /, ""))).toEqual(
        expect.arrayContaining(["backend-flask/01234567 one", "backend-flask/01234567 two", "envoy/01234567 three"]),
      );
      expect(lines.length).toBe(3);
      expect(lines).toEqual([...lines].sort((a, b) => (a.slice(0, 24) < b.slice(0, 24) ? -1 : 1)));
      const one = await run("ecs/logs", ["backend-flask", "--container", "envoy", "--json"]);
      expect(JSON.parse(one.stdout)).toMatchObject({ container: "envoy", task: "0123456789abcdef", message: "three" });
      const none = await run("ecs/logs", ["otel-collector"]);
      expect([none.exitCode, none.stdout, none.stderr]).toEqual([0, "", expect.stringContaining("--since")]);
    },
    minute,
  );

  test(
    "follows: what comes is given once, until it is interrupted",
    async () => {
      const environment = { PATH: process.env.PATH, HOME: folder, ...aws.environment };
      const child = spawn(join(project, "bin", "ecs", "logs"), ["backend-authz", "--follow"], { env: environment });
      let written = "";
      child.stdout.on("data", (chunk: Buffer) => (written += chunk));
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      try {
        await until(() => written.includes("not mine"), "what was there");
        await write("authz/authz/fedcba9876543210", ["later"], false);
        await until(() => written.includes("later"), "what came");
        await write("authz/authz/00000000ffffffff", ["of another task"]);
        await until(() => written.includes("of another task"), "what came of a new task");
      } finally {
        child.kill("SIGINT");
      }
      expect(await ended).toBe(0);
      expect(written.match(/not mine|later/g)).toEqual(["not mine", "later"]);
    },
    2 * minute,
  );

  test.each([
    [["backend-flsk"], "did you mean backend-flask?"],
    [["backend-flask", "--container", "envoi"], "did you mean envoy?"],
    [["backend-flask", "--since", "yesterday"], '--since is "yesterday"'],
    [["backend-flask", "--region", "eu-west-1"], "There is no log group"],
  ])(
    "%j: %s",
    async (args, sentence) => {
      const { exitCode, stdout, stderr } = await run("ecs/logs", args);
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(sentence)]);
    },
    minute,
  );
});
