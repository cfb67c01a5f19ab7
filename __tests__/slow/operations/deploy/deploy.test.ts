/**
 * Plans and deployments of a deployed system to which a team adds a service with a route: the app needs an output that the
 * network doesn't have yet. By the real Terraform and AWS provider, over the local AWS.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../../lib/run-process";
import { tfVariables } from "../../../../local/trial/sample-variables";
import type { Clone } from "../../../../tools/clone-project";
import type { Deployed } from "../../../support/aws/deployed";
import { type DeployedClone, deployedClone } from "../../../support/aws/deployed-clone";
import { project } from "../../../support/project";
import { encodedForms } from "../../../support/secrets";
import { onTerminal } from "../../../support/terminal";

const minute = 60_000;
const said: string[] = [];
const ownSecret = `s3cr3t-${randomBytes(12).toString("hex")}`;
let deployed: DeployedClone;
let system: Deployed;
let clone: Clone;

beforeAll(async () => {
  deployed = await deployedClone();
  ({ system, clone } = deployed);
  execFileSync("git", ["init", "-q", clone.folder]);
  const values = tfVariables(system.variables) as Record<string, string>;
  const lines = Object.entries(values).map(
    ([name, value]) => `${name.slice("TF_VAR_".length)} = ${JSON.stringify(value)}`,
  );
  writeFileSync(join(clone.folder, "team.tfvars"), `${lines.join("\n")}\n`);
  writeFileSync(join(clone.folder, "settings.json"), JSON.stringify({ variableFiles: ["team.tfvars"] }));
}, 10 * minute);

afterAll(async () => {
  for (const form of [ownSecret, ...Object.values(system?.secrets ?? {})].flatMap(encodedForms)) {
    expect(said.join("\n")).not.toContain(form);
  }
  await deployed?.end();
});

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ ...deployed.environment, ...more });

async function run(command: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const [file = "", ...args] = command;
  const result = await runProcess(file, args, { cwd: clone.folder, environment: environment(more) });
  said.push(result.stdout, result.stderr);
  return result;
}

const plan = (...args: string[]) => run(["npm", "run", "--silent", "plan", "--", ...args]);
const deploy = (...args: string[]) => run(["bin/deploy", ...args]);
const stateOf = (stack: string) => readFileSync(join(clone.folder, `terraform.${stack}.tfstate`), "utf8");

describe("what stops a plan before Terraform", () => {
  test(
    "variables without a value are told in one sentence, with their names",
    async () => {
      const { exitCode, stdout, stderr } = await run(["npm", "run", "--silent", "plan"], {
        CRUDDUR_VARIABLE_FILES: "[]",
      });
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr.trim().split("\n").at(-1)).toBe(
        "Error: The variables cruddur_dns_name, cognito_user_pool_client_id, cognito_user_pool_id, db_connection_url, db_password, db_username, ecs_service_desired_count, honeycomb_api_key, rollbar_access_token have no value: give --var-file FILE, name the file in the setting variableFiles, or set TF_VAR_NAME.",
      );
    },
    3 * minute,
  );

  test.each([
    [{ CRUDDUR_VARIABLE_FILES: '["temas.tfvars"]' }, [], 'The setting variableFiles has "temas.tfvars"'],
    [{}, ["--var-file", "no.tfvars"], '--var-file is "no.tfvars"'],
    [{}, ["--out", "kept"], "Git would take plans from"],
    [{}, ["netwrok"], 'There is no stack "netwrok": did you mean network?'],
    [{}, ["--json", "--markdown"], "--json and --markdown are both given"],
  ])("%j %j: %s", async (more, args, sentence) => {
    const { exitCode, stdout, stderr } = await run(["npm", "run", "--silent", "plan", "--", ...args], more);
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(sentence)]);
    expect(existsSync(join(clone.folder, "kept"))).toBe(false);
  });

  test("a deployment without a terminal wants --yes", async () => {
    const { exitCode, stdout, stderr } = await deploy();
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "Error: There is no terminal to ask on: give --yes to apply without a question, or --plan-only.\n",
    );
  });
});

describe("with a service that the network has no target group for yet", () => {
  beforeAll(() => {
    const [, code = ""] =
      /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(project, "docs", "adding-a-service.md"), "utf8")) ?? [];
    writeFileSync(join(clone.folder, "additions", "services.ts"), code);
    appendFileSync(join(clone.folder, "team.tfvars"), `orders_api_key = ${JSON.stringify(ownSecret)}\n`);
  });

  test(
    "the app alone can't be planned, and it is said what to do",
    async () => {
      const { exitCode, stderr } = await plan("app");
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringMatching(/app reads outputs of network: .*plan both[\s\S]*Invalid index/),
      ]);
    },
    3 * minute,
  );

  test(
    "both are planned, the app over what the network is going to have, and kept for no one else",
    async () => {
      const { exitCode, stdout } = await plan("--out");
      expect([exitCode, stdout]).toEqual([
        2,
        expect.stringContaining("app is provisional: it reads outputs that network doesn't have yet"),
      ]);
      for (const address of ["aws_lb_target_group.orders_tg", "aws_ecs_service.orders"]) {
        expect(stdout).toContain(` - ${address}  created`);
      }
      expect(stdout).not.toContain("Invalid index");
      const files = ["network.json", "app.provisional.json"].map((name) => join(clone.folder, "plans", name));
      for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
      const ignored = execFileSync("git", ["status", "--porcelain", "--ignored", "plans"], {
        cwd: clone.folder,
      }).toString();
      expect(ignored).toBe("!! plans/\n");
      const explained = await run(["npm", "run", "--silent", "explain", "--", ...files]);
      expect([explained.exitCode, explained.stdout]).toEqual([2, expect.stringContaining("aws_ecs_service.orders")]);
      // Nothing of the provisional plan is left beside the stacks.
      expect(execFileSync("ls", ["-A", join(clone.folder, "cdktf.out", "stacks")]).toString()).toBe("app\nnetwork\n");
    },
    3 * minute,
  );

  test(
    "--full is Terraform's own text",
    async () => {
      const { exitCode, stdout } = await plan("--full");
      expect([exitCode, stdout]).toEqual([
        2,
        expect.stringMatching(/^━━ network\n[\s\S]*^━━ app \(provisional, over what network is going to have\)/m),
      ]);
      expect(stdout).toMatch(/\+ target_group_arn = \(known after apply\)/);
    },
    3 * minute,
  );

  test(
    "at a terminal both are shown before the question, and no applies nothing",
    async () => {
      const before = [stateOf("network"), stateOf("app")];
      const terminal = onTerminal(join(clone.folder, "bin", "deploy"), [], { cwd: clone.folder, env: environment() });
      await terminal.sees('Apply network, then app? Only "yes" does: ', 3 * minute);
      expect(terminal.shown()).toMatch(/aws_ecs_service\.orders[\s\S]*app is provisional[\s\S]*Apply network/);
      terminal.types("no\r");
      expect(await terminal.ended).toBe(2);
      said.push(terminal.shown());
      expect([stateOf("network"), stateOf("app")]).toEqual(before);
    },
    4 * minute,
  );

  test(
    "with --yes both are applied, the app by a plan that is what was shown; services that don't come up are waited for in vain",
    async () => {
      const { exitCode, stdout, stderr } = await deploy("--yes", "--wait", "--timeout", "2s", "--interval", "1s");
      expect(stderr).toMatch(
        /Applying network[\s\S]*Planning app again\nThe plan of app is what was shown\nApplying app/,
      );
      expect(stdout).toContain("Applied: network, app.");
      // The local AWS starts no tasks.
      expect(stdout).toMatch(/^orders \(orders:1\) isn't steady within --timeout; it goes on in AWS\.$/m);
      expect(stdout.trim().split("\n").slice(-4)).toEqual(
        ["api.", "", "orders.", "otel-collector."].map((label) => `https://${label}cruddur.example.com`),
      );
      expect(exitCode).toBe(3);
    },
    6 * minute,
  );
});

describe("what would be destroyed", () => {
  const withoutAuthorizer = { CRUDDUR_AUTHZ: "false" };

  test(
    "stops the deployment, with what allows it",
    async () => {
      const before = [stateOf("network"), stateOf("app")];
      const { exitCode, stdout, stderr } = await run(
        ["bin/deploy", "--yes", "--allow-destroy", "aws_ecs_service.backend_auth"],
        withoutAuthorizer,
      );
      expect([exitCode, stdout]).toEqual([3, expect.stringContaining("aws_ecs_service.backend_authz  DESTROYED")]);
      expect(stderr).toContain(
        "Error: Nothing is applied. This would destroy or replace aws_ecs_service.backend_authz: to allow it, give --allow-destroy aws_ecs_service.backend_authz. Nothing at aws_ecs_service.backend_auth is destroyed: did you mean aws_ecs_service.backend_authz?",
      );
      expect([stateOf("network"), stateOf("app")]).toEqual(before);
    },
    3 * minute,
  );

  test(
    "is destroyed where it is named, and told as JSON",
    async () => {
      const { exitCode, stdout } = await run(
        ["bin/deploy", "app", "--yes", "--allow-destroy", "aws_ecs_service.backend_authz", "--json"],
        withoutAuthorizer,
      );
      const { outcome, applied, explanations, urls } = JSON.parse(stdout);
      expect([exitCode, outcome, applied]).toEqual([0, "done", ["app"]]);
      expect(explanations[0].exitCode).toBe(3);
      expect(urls).toContain("https://orders.cruddur.example.com");
      expect(stateOf("app")).not.toContain("backend_authz");
    },
    4 * minute,
  );
});
