/** npm run harden as a user types it, over a deployed system: real plans by the real Terraform and AWS provider. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../lib/run-process";
import type { LocalAws } from "../../../local/aws";
import { tfVariables } from "../../../local/trial/sample-variables";
import { hardeningStepNames, hardeningSteps } from "../../../settings/hardening";
import { deployedSystem } from "../../support/aws/deployed";
import { project } from "../../support/project";
import { encodedForms } from "../../support/secrets";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "harden-"));
const said: string[] = [];
let aws: LocalAws;
let variables: Readonly<Record<string, string>>;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  const deployed = await deployedSystem();
  ({ aws, variables, secrets } = deployed);
  deployed.writeStates(folder);
}, 10 * minute);

afterAll(async () => {
  for (const form of Object.values(secrets).flatMap(encodedForms)) expect(said.join("\n")).not.toContain(form);
  await aws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function harden(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const result = await runProcess("npm", ["run", "--silent", "harden", "--", ...args], {
    cwd: project,
    environment: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE,
      CRUDDUR_BACKEND_DIRECTORY: folder,
      ...aws.environment,
      ...tfVariables(variables),
      ...settings,
    },
  });
  said.push(result.stdout, result.stderr);
  return result;
}

/** What must be as it was: the states, and what is synthesized for a deployment. */
function kept(): unknown {
  const output = join(project, "cdktf.out", "stacks");
  const files = existsSync(output) ? readdirSync(output, { recursive: true, withFileTypes: true }) : [];
  const stacks = files.filter((file) => file.isFile() && file.name === "cdk.tf.json");
  return {
    states: readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
    stacks: stacks.map(({ parentPath, name }) => [parentPath, statSync(join(parentPath, name)).mtimeMs]),
    settings: existsSync(join(project, "settings.json")),
  };
}

const services = ["backend-authz", "backend-flask", "frontend-react-js", "otel-collector"];
const upTo = (level: number) => hardeningStepNames.filter((name) => hardeningSteps[name] <= level);

test(
  "the next level: each step with what a plan shows for it, and nothing is written",
  async () => {
    const before = kept();
    const { exitCode, stdout, stderr } = await harden([]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Planning network and app")]);
    const blocks = stdout.trim().split("\n\n");
    expect(blocks.slice(0, -1).map((block) => block.split("\n")[0])).toEqual(
      upTo(1).map((name) => `${name} (level 1)`),
    );
    expect(blocks.at(-1)).toBe(
      `${upTo(1).length} steps up to level 1 are not taken. Nothing is destroyed or replaced. Tasks restart of: ${services.join(", ")}.`,
    );
    // The local AWS has no platform version before it is told one.
    const restarting = blocks.filter((block) => block.includes(`restarts  ${services.join(", ")}`));
    expect(restarting.map((block) => block.split(" ")[0])).toEqual(["latestPlatform"]);
    expect(blocks[0]?.split("\n").slice(1, -3)).toEqual([
      "  sets      Deletion protection of the load balancer and the database.",
      "  plan      update aws_db_instance.cruddur (deletion_protection) [app]",
      "  plan      update aws_lb.cruddur_backend_lb (enable_deletion_protection) [network]",
      "  restarts  no task",
      "  effect    Nobody notices. Deleting either takes two deployments: one that lifts the protection, one that deletes.",
    ]);
    expect(kept()).toEqual(before);
  },
  3 * minute,
);

test(
  "as JSON: a step that would be an outage is refused with what to do, and left out of the plan; the rest is planned",
  async () => {
    const { exitCode, stdout, stderr } = await harden(["--level", "2", "--json"], {
      CRUDDUR_HARDENING_LEVEL: "1",
      CRUDDUR_HARDENING_TASKS_REACH: "nat",
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Planning network and app")]);
    const { level, steps } = JSON.parse(stdout) as {
      level: number;
      steps: { name: string; refused: string[]; changes: { action: string }[]; restarts: string[] }[];
    };
    expect([level, steps.map(({ name }) => name)]).toEqual([
      2,
      hardeningStepNames.filter((name) => hardeningSteps[name] === 2),
    ]);
    const by = (name: string) => steps.find((step) => step.name === name);
    expect(steps.filter(({ refused }) => refused.length > 0).map(({ name }) => name)).toEqual([
      "accessLogs",
      "firewallLog",
      "immutableTags",
    ]);
    expect(by("accessLogs")).toMatchObject({
      refused: [expect.stringContaining("hardening.accessLogsBucket")],
      changes: [],
      restarts: [],
    });
    expect(steps.filter(({ refused, changes }) => refused.length + changes.length === 0)).toEqual([]);
    expect(steps.flatMap(({ changes }) => changes.map(({ action }) => action)).sort()).not.toContain("replace");
    expect(by("privateTasks")?.restarts).toEqual(services);
    expect(by("tlsPolicy")).toMatchObject({
      changes: [{ plan: "network", action: "update", destructive: false, arguments: ["ssl_policy"] }],
      restarts: [],
    });
  },
  3 * minute,
);

test(
  "with nothing left to take it says so, without a plan",
  async () => {
    const { exitCode, stdout } = await harden(["--level", "1"], { CRUDDUR_HARDENING_LEVEL: "1", AWS_ENDPOINT_URL: "" });
    expect([exitCode, stdout.trim()]).toEqual([0, "Every step up to level 1 is taken."]);
  },
  minute,
);

test(
  "a level that there isn't is refused",
  async () => {
    const { exitCode, stdout, stderr } = await harden(["--level", "9"]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('--level is "9": give 1, 2');
  },
  minute,
);
