/** The cdktf command line on a user's clone, without a terminal, over a deployed local AWS. An empty account is in exhaustive/cdktf-cli.test.ts. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import type { LocalAws } from "../../local/aws";
import { isMotoGap } from "../../local/aws/gaps";
import { sampleVariables, tfVariables } from "../../local/trial/sample-variables";
import { plannedChanges } from "../../terraform/plan-changes";
import { Terraform } from "../../terraform/terraform";
import type { Clone } from "../../tools/clone-project";
import { type DeployedClone, deployedClone } from "../support/aws/deployed-clone";
import { tfvars } from "../support/aws/old-module";

const minute = 60_000;

describe("the cdktf command line", () => {
  let deployed: DeployedClone;
  let clone: Clone;
  let aws: LocalAws;
  let variables: NodeJS.ProcessEnv;
  let domain: string | undefined;
  beforeAll(async () => {
    deployed = await deployedClone();
    clone = deployed.clone;
    aws = deployed.system.aws;
    variables = tfVariables(deployed.system.variables);
    domain = deployed.system.variables.cruddur_dns_name;
    writeFileSync(join(clone.folder, "team.tfvars"), tfvars(deployed.system.variables));
  }, 10 * minute);
  afterAll(() => deployed?.end());

  function cdktf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    return runProcess("npx", ["cdktf", ...args], {
      cwd: clone.folder,
      environment: { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1", ...aws.environment, ...environment },
    });
  }
  const deployment = ["--var-file=team.tfvars"];
  const stackFolder = (stack: string, output = "cdktf.out") => join(clone.folder, output, "stacks", stack);

  test(
    "synth writes both stacks, the same at each run",
    async () => {
      expect((await cdktf(["synth"])).exitCode).toBe(0);
      const read = () =>
        ["network", "app"].map((stack) => readFileSync(join(stackFolder(stack), "cdk.tf.json"), "utf8"));
      const first = read();
      expect((await cdktf(["synth"])).exitCode).toBe(0);
      expect(read()).toEqual(first);
      for (const text of first) {
        expect(text).not.toContain(clone.folder);
        for (const name of ["db_password", "db_connection_url", "honeycomb_api_key"] as const) {
          expect(text).not.toContain(sampleVariables[name]);
        }
      }
    },
    minute,
  );

  test(
    "synth shows a changed source at once, and tells a wrong setting in a sentence",
    async () => {
      const file = join(clone.folder, "services", "aws-names.ts");
      const original = readFileSync(file, "utf8");
      try {
        writeFileSync(file, original.replace("/cruddur/fargate-cluster", "/cruddur/changed"));
        expect((await cdktf(["synth"])).exitCode).toBe(0);
        expect(readFileSync(join(stackFolder("app"), "cdk.tf.json"), "utf8")).toContain("/cruddur/changed");
      } finally {
        writeFileSync(file, original);
      }
      const wrong = await cdktf(["synth"], { CRUDDUR_AUTHZ: "maybe" });
      expect(wrong.exitCode).toBe(1);
      expect(wrong.stderr).toContain('authz (CRUDDUR_AUTHZ) is "maybe": allowed is true or false');
      expect(wrong.stderr).not.toMatch(/\.cjs:\d+/);
    },
    minute,
  );

  test(
    "diff, deploy and output go through over what is deployed, and destroy is refused while data is protected",
    async () => {
      const diff = await cdktf(["diff", "network", ...deployment]);
      expect([diff.exitCode, diff.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
      const deploy = await cdktf(["deploy", "network", "app", "--auto-approve", ...deployment]);
      expect([deploy.exitCode, deploy.stdout]).toEqual([0, expect.stringContaining("cluster_name = cruddur")]);
      const outputs = await cdktf(["output", "network", "app", "--outputs-file", "outputs.json"]);
      expect(outputs.exitCode).toBe(0);
      expect(JSON.parse(readFileSync(join(clone.folder, "outputs.json"), "utf8"))).toMatchObject({
        network: { domain_names: { "backend-flask": `api.${domain}` } },
        app: { cluster_name: "cruddur", repository_urls: { envoy: expect.stringContaining("/envoy") } },
      });
      const destroy = await cdktf(["destroy", "app", "network", "--auto-approve", ...deployment]);
      expect([destroy.exitCode, destroy.stdout]).toEqual([1, expect.stringContaining("Instance cannot be destroyed")]);
    },
    6 * minute,
  );

  test(
    "plain terraform plans the synthesized stacks, with variables of the environment",
    async () => {
      for (const stack of ["network", "app"]) {
        const terraform = new Terraform(stackFolder(stack), { environment: { ...aws.environment, ...variables } });
        await terraform.init();
        const changes = plannedChanges(await terraform.plan());
        expect(changes.filter((change) => !isMotoGap(change))).toEqual([]);
      }
    },
    2 * minute,
  );

  test(
    "npm run plan plans both at once, and tells by its exit code",
    async () => {
      const plan = (...args: string[]) =>
        runProcess("npm", ["run", "--silent", "plan", "--", ...args], {
          cwd: clone.folder,
          environment: { ...process.env, ...aws.environment },
        });
      const { exitCode, stdout } = await plan("--var-file", "team.tfvars");
      expect([exitCode, stdout]).toEqual([0, "network and app: nothing changes.\n"]);
      const full = await plan("--full", "--var-file", "team.tfvars");
      expect([full.exitCode, full.stdout]).toEqual([
        0,
        expect.stringMatching(/━━ network[\s\S]*No changes\.[\s\S]*━━ app[\s\S]*No changes\./),
      ]);
      const without = await plan();
      expect([without.exitCode, without.stderr]).toEqual([
        1,
        expect.stringMatching(/The variables .*db_password.* have no value: give --var-file FILE/),
      ]);
    },
    2 * minute,
  );

  test(
    "synth --hcl plans what the JSON plans",
    async () => {
      expect((await cdktf(["synth", "--hcl", "--output", "hcl.out"])).exitCode).toBe(0);
      for (const stack of ["network", "app"]) {
        const options = { environment: { ...aws.environment, ...variables } };
        const hcl = new Terraform(stackFolder(stack, "hcl.out"), options);
        await hcl.init();
        const planned = await hcl.plan();
        expect(plannedChanges(planned)).toEqual(
          plannedChanges(await new Terraform(stackFolder(stack), options).plan()),
        );
        const bad = await hcl.attempt("plan", "-input=false", "-no-color", "-var=cruddur_dns_name=Example.com.");
        expect([bad.exitCode, bad.stderr]).toEqual([1, expect.stringContaining("must be a domain name in lower case")]);
      }
    },
    6 * minute,
  );

  test(
    "get generates bindings into .gen",
    async () => {
      mkdirSync(join(clone.folder, "modules", "label"), { recursive: true });
      writeFileSync(join(clone.folder, "modules", "label", "main.tf"), 'variable "name" {\n  type = string\n}\n');
      const file = join(clone.folder, "cdktf.json");
      const original = readFileSync(file, "utf8");
      const configuration = {
        ...JSON.parse(original),
        terraformModules: [{ name: "label", source: "./modules/label" }],
      };
      writeFileSync(file, JSON.stringify(configuration));
      const get = await cdktf(["get"]);
      expect([get.exitCode, get.stderr]).toEqual([0, expect.anything()]);
      expect(readFileSync(join(clone.folder, ".gen", "modules", "label.ts"), "utf8")).toContain("class Label");
      writeFileSync(file, original);
    },
    2 * minute,
  );
});
