/**
 * Staging beside the default environment, in one local AWS: deployed and taken away by the commands of docs/environments.md, as
 * a reader pastes them.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type RunResult, runProcess } from "../../lib/run-process";
import { isMotoGap } from "../../local/aws/gaps";
import { createFunctions } from "../../local/aws/seed";
import { tfVariables } from "../../local/trial/sample-variables";
import { awsNamesOf } from "../../services/aws-names";
import { changedOutputs, plannedChanges } from "../../terraform/plan-changes";
import { planDocument } from "../../terraform/plan-document";
import { actionlintCommand } from "../../tools/actionlint";
import { type DeployedClone, deployedClone } from "../support/aws/deployed-clone";
import { documentedCommands } from "../support/documented-commands";
import { project } from "../support/project";

const minute = 60_000;
const page = "docs/environments.md";
const staging = { CRUDDUR_SETTINGS: "settings.staging.json" };
let deployed: DeployedClone;

beforeAll(async () => {
  deployed = await deployedClone();
  const { system, clone } = deployed;
  const lines = Object.entries(tfVariables(system.variables) as Record<string, string>).map(
    ([name, value]) => `${name.slice("TF_VAR_".length)} = ${JSON.stringify(value)}\n`,
  );
  writeFileSync(join(clone.folder, "team.tfvars"), lines.join(""));
  writeFileSync(join(clone.folder, "settings.json"), JSON.stringify({ variableFiles: ["team.tfvars"] }));
  const { endpoint } = system.aws;
  await createFunctions({ endpoint, region: system.region }, Object.values(awsNamesOf("staging").functions));
}, 10 * minute);

afterAll(() => deployed?.end());

async function bash(script: string, more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  // A user says yes.
  const environment = { ...deployed.environment, TF_CLI_ARGS_destroy: "-auto-approve", ...more };
  return runProcess("bash", ["-e", "-c", script], { cwd: deployed.clone.folder, environment });
}

async function succeed(script: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await bash(script, more);
  expect([exitCode, exitCode === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  return stdout;
}

/** Neither stack changes, but for what moto forgets of services, which the plan's exit code can't know. */
async function expectEmptyPlan(folder: string, more: NodeJS.ProcessEnv = {}): Promise<void> {
  const { exitCode, stdout, stderr } = await bash("npm run --silent plan -- --out", more);
  expect([0, 2].includes(exitCode ?? 1) ? "" : stdout + stderr).toBe("");
  for (const stack of ["network", "app"]) {
    const file = join(deployed.clone.folder, folder, `${stack}.json`);
    const plan = planDocument(readFileSync(file), file);
    expect(plannedChanges(plan).filter((change) => !isMotoGap(change))).toEqual([]);
    expect(changedOutputs(plan)).toEqual([]);
    rmSync(file);
  }
}

const pasted = (containing: string) => documentedCommands(project, page, containing);
const stateFile = (name: string) => join(deployed.clone.folder, name);

test(
  "it is deployed, into states and a folder of its own",
  async () => {
    const [, settings = ""] = /```json\n(.*?)```/s.exec(readFileSync(join(project, page), "utf8")) ?? [];
    writeFileSync(stateFile("settings.staging.json"), settings);
    await succeed(pasted("cp team.tfvars"));
    const network = readFileSync(stateFile("terraform.network.tfstate"), "utf8");
    const said = await succeed(
      pasted("bin/deploy").replace("npm run plan\n", "").replace("bin/deploy", "bin/deploy --yes"),
    );
    expect(said).toContain("Applied: network, app.");
    expect(said).toContain("https://api.staging.cruddur.example.com");
    expect(readFileSync(stateFile("terraform.network.tfstate"), "utf8")).toBe(network);
    for (const stack of ["network", "app"]) {
      expect(existsSync(stateFile(`terraform.staging.${stack}.tfstate`))).toBe(true);
      expect(existsSync(stateFile(`cdktf.out/staging/stacks/${stack}/cdk.tf.json`))).toBe(true);
    }
  },
  10 * minute,
);

test(
  "side by side, neither's plan changes anything",
  async () => {
    await expectEmptyPlan("plans");
    await expectEmptyPlan(join("plans", "staging"), staging);
  },
  5 * minute,
);

test(
  "commands look at the environment that they are told",
  async () => {
    const client = new DynamoDBClient({
      endpoint: deployed.system.aws.endpoint,
      region: deployed.system.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const Item = { pk: { S: "GRP#1" }, sk: { S: "1" }, message_group_uuid: { S: "1" } };
    await client.send(new PutItemCommand({ TableName: "staging-cruddur-messages", Item }));
    expect(JSON.parse(await succeed("bin/ddb/scan --json"))).toEqual([]);
    expect(JSON.parse(await succeed("bin/ddb/scan --json", staging))).toHaveLength(1);
    const services = async (more = {}) => (await bash("bin/ecs/status --json", more)).stdout;
    expect(await services()).not.toContain("staging");
    expect(await services(staging)).toContain("staging-backend-flask");
    // moto's roles have no policies that it would look at, and its images aren't there: what is looked for is staging's.
    const { stdout } = await bash("bin/ecs/verify --json", staging);
    const { findings } = JSON.parse(stdout) as { findings: { check: string; subject: string; detail: string }[] };
    const subjects = (check: string) => findings.filter((one) => one.check === check).map(({ subject }) => subject);
    expect(subjects("cluster")).toEqual(["staging-cruddur"]);
    expect(subjects("log group")).toEqual(["/staging/cruddur/fargate-cluster"]);
    expect(subjects("target group")).toContain("staging-cruddur-backend-envoy-tg");
    expect(findings.find(({ subject }) => subject.includes("/staging/envoy:"))?.detail).toContain(
      "run bin/build-push envoy",
    );
    const push = await succeed("bin/build-push authz --dry-run --engine true", staging);
    expect(push).toMatch(/\.amazonaws\.com\/staging\/authz:/);
  },
  3 * minute,
);

test(
  "cdktf's own commands want the environment's output folder",
  async () => {
    const { exitCode, stdout, stderr } = await bash("npx cdktf synth", staging);
    expect([exitCode, stdout + stderr]).toEqual([1, expect.stringContaining("give cdktf --output cdktf.out/staging")]);
    expect(existsSync(stateFile("cdktf.out/stacks"))).toBe(true);
  },
  2 * minute,
);

test(
  "the copied workflows have no finding of actionlint, and take the environment's values",
  async () => {
    await succeed(pasted("for workflow in"));
    const copies = ["deploy", "drift"].map((name) => stateFile(`.github/workflows/${name}-staging.yml`));
    expect(await runProcess(await actionlintCommand(project), copies)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    for (const text of copies.map((file) => readFileSync(file, "utf8"))) {
      expect(text).toContain("CRUDDUR_SETTINGS: settings.staging.json");
      for (const [, name = ""] of text.matchAll(/\$\{\{ (?:vars|secrets)\.(\w+)/g)) expect(name).toMatch(/^STAGING_/);
      expect(text).toMatch(/^ +marker='<!-- explained (plan|drift) of staging -->'$/m);
      expect(text).toMatch(/^ +group: (deploy|drift)-staging/m);
      expect(text).not.toContain("environment: production");
    }
  },
  8 * minute,
);

test(
  "it is taken away, and the default environment's plan is empty",
  async () => {
    const [destroy = "", after] = pasted("stacks/app destroy").split("npm run plan\n");
    expect(after).toBe("");
    await succeed(destroy);
    for (const stack of ["network", "app"]) {
      expect(JSON.parse(readFileSync(stateFile(`terraform.staging.${stack}.tfstate`), "utf8")).resources).toEqual([]);
    }
    await expectEmptyPlan("plans");
  },
  10 * minute,
);

test("a name that grows too long is told as the page shows it", async () => {
  const { exitCode, stderr } = await bash(pasted("CRUDDUR_ENVIRONMENT=production"));
  expect(exitCode).toBe(1);
  const [, shown = ""] = /```\n(Error: The environment[^`]*)```/.exec(readFileSync(join(project, page), "utf8")) ?? [];
  expect(stderr).toBe(shown);
});
