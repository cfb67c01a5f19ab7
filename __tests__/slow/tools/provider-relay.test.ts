/** The tests' Terraform says what Terraform says: the real one, the real provider, and less of the provider's schema. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { project } from "../../../lib/project";
import { runProcess } from "../../../lib/run-process";
import { tfVariables } from "../../../local/trial/sample-variables";
import { settingsSchema } from "../../../settings/schema";
import { synthesizeStacks } from "../../../stacks/synthesize";
import { pluginCache } from "../../../terraform/plugin-cache";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { processesWith, until } from "../../support/processes";
import { plainPath } from "../../support/relay";

const minute = 60_000;
let system: Deployed;
const folder = mkdtempSync(join(tmpdir(), "relay-test-"));
beforeAll(async () => {
  system = await deployedSystem();
}, 10 * minute);
afterAll(async () => {
  await system.aws.stop();
  rmSync(folder, { recursive: true });
});

const ways = { relay: process.env.PATH ?? "", plain: plainPath() };

async function terraform(cwd: string, way: keyof typeof ways, args: readonly string[], input?: string) {
  return runProcess("terraform", args, {
    cwd,
    input,
    environment: {
      PATH: ways[way],
      HOME: process.env.HOME,
      TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
      TF_PLUGIN_CACHE_DIR: pluginCache(project),
      CHECKPOINT_DISABLE: "1",
      GOGC: process.env.GOGC,
      ...system.aws.environment,
      ...tfVariables(system.variables),
    },
  });
}

/** A plan without its times, and with a list in order that Terraform writes in any. */
function comparable(text: string): unknown {
  const {
    timestamp,
    relevant_attributes = [],
    ...document
  } = JSON.parse(text, (key, value) => (key === "latest_restorable_time" ? "a time" : value));
  const inOrder = relevant_attributes.map((one: unknown) => JSON.stringify(one)).sort();
  return { ...document, timestamp: typeof timestamp, relevant_attributes: inOrder };
}

/** Both ways, one after the other. */
async function both(cwd: string, args: readonly string[], input?: string) {
  return { relay: await terraform(cwd, "relay", args, input), plain: await terraform(cwd, "plain", args, input) };
}

/** A folder of its own with the AWS provider in it. */
async function initialized(name: string, configuration: string): Promise<string> {
  const own = join(folder, name);
  mkdirSync(own);
  const provider = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n';
  writeFileSync(join(own, "main.tf"), provider + configuration);
  expect(await terraform(own, "relay", ["init", "-input=false"])).toMatchObject({ exitCode: 0 });
  return own;
}

test("it stands before Terraform on the PATH", () => {
  expect(ways.relay.split(delimiter)[0]).toContain("provider-relay");
  expect(ways.plain).not.toContain("provider-relay");
});

test(
  "plans and their JSON are the same, of every resource of the stacks and with a change",
  async () => {
    const settings = settingsSchema.parse({ backend: { directory: folder }, logs: { retentionDays: 3 } });
    system.writeStates(folder);
    for (const { folder: directory } of synthesizeStacks(project, settings, join(folder, "cdktf.out"))) {
      expect(await terraform(directory, "relay", ["init", "-input=false"])).toMatchObject({ exitCode: 0 });
      const { relay, plain } = await both(directory, ["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
      const order = (text: string) =>
        text
          .replaceAll(/ after \d+s/g, " after a while")
          .split("\n")
          .sort();
      expect([relay.exitCode, order(relay.stdout), relay.stderr]).toEqual([
        plain.exitCode,
        order(plain.stdout),
        plain.stderr,
      ]);
      const documents: unknown[] = [];
      for (const way of ["relay", "plain"] as const) {
        const planned = await terraform(directory, way, ["plan", "-input=false", `-out=${way}`]);
        expect(planned).toMatchObject({ exitCode: 0 });
        documents.push(comparable((await terraform(directory, way, ["show", "-json", way])).stdout));
      }
      expect(documents[0]).toEqual(documents[1]);
      expect(documents[1]).toHaveProperty("resource_changes.0.address");
    }
  },
  10 * minute,
);

test(
  "a type that only the folder names is known; one that AWS doesn't have is refused in the provider's words",
  async () => {
    // In parts, or they would be among the names that the project's files have.
    const nothing = ["aws", "no", "such", "thing"].join("_");
    const stream = `aws_${["kinesis", "stream"].join("_")}`;
    const good = await initialized("good", `resource "${stream}" "x" {\n  name = "x"\n  shard_count = 1\n}\n`);
    const answers = await both(good, ["validate", "-no-color"]);
    expect([answers.relay, answers.plain]).toEqual([answers.plain, expect.objectContaining({ exitCode: 0 })]);

    const bad = await initialized("bad", `resource "${nothing}" "x" {}\n`);
    const refusals = await both(bad, ["validate", "-no-color"]);
    expect(refusals.relay).toEqual(refusals.plain);
    expect(refusals.plain).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(nothing) });

    const wrong = await initialized("wrong", `resource "${stream}" "x" {\n  shard_count = "none"\n}\n`);
    const mistakes = await both(wrong, ["plan", "-no-color", "-input=false"]);
    expect(mistakes.relay).toEqual(mistakes.plain);
    expect(mistakes.plain.exitCode).toBe(1);
  },
  10 * minute,
);

test(
  "two configurations of the provider are two processes, each with its own region",
  async () => {
    const own = await initialized(
      "two",
      `provider "aws" {
  region = "ca-central-1"
}
provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}
data "aws_region" "here" {}
data "aws_region" "there" {
  provider = aws.other
}
output "regions" {
  value = [data.aws_region.here.name, data.aws_region.there.name]
}
`,
    );
    expect(await terraform(own, "relay", ["apply", "-auto-approve"])).toMatchObject({ exitCode: 0 });
    const { stdout } = await terraform(own, "relay", ["output", "-json", "regions"]);
    expect(JSON.parse(stdout)).toEqual(["ca-central-1", "eu-west-1"]);
  },
  10 * minute,
);

test(
  "what Terraform reads reaches it, and nothing is left when it has ended",
  async () => {
    const mark = `relay-${Math.random().toString(36).slice(2)}`;
    const own = await initialized("console", `# ${mark}\nresource "aws_sqs_queue" "x" {\n  name = "${mark}"\n}\n`);
    const { relay, plain } = await both(own, ["console"], 'upper("a")\n');
    expect([relay.exitCode, relay.stdout]).toEqual([plain.exitCode, '"A"\n']);
    const { exitCode } = await runProcess("terraform", ["plan", "-input=false"], {
      cwd: own,
      environment: { ...process.env, ...system.aws.environment, RELAY_MARK: mark },
    });
    expect(exitCode).toBe(0);
    await until(() => processesWith(mark).length === 0, "the end of the provider");
  },
  10 * minute,
);
