/** The cdktf command line on a user's clone, without a terminal, against the local AWS. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plannedChanges } from "../../lib/plan-changes";
import { type RunResult, runProcess } from "../../lib/run-process";
import { Terraform } from "../../lib/terraform";
import { type LocalAws, startLocalAws } from "../../local-aws";
import { isMotoGap } from "../../local-aws/gaps";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { sampleVariables, tfVariables } from "../../trial/sample-variables";

const minute = 60_000;
const project = join(__dirname, "..", "..");

describe("the cdktf command line", () => {
  let clone: Clone;
  let aws: LocalAws;
  beforeAll(async () => {
    clone = cloneProject(project);
    aws = await startLocalAws({ project });
    const lines = Object.entries(sampleVariables).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    writeFileSync(join(clone.folder, "team.tfvars"), lines.join("\n"));
  }, minute);
  afterAll(async () => {
    await aws?.stop();
    clone?.remove();
  });

  function cdktf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    return runProcess("npx", ["cdktf", ...args], {
      cwd: clone.folder,
      environment: { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1", ...aws.environment, ...environment },
    });
  }
  const deployment = ["--var-file=team.tfvars"];
  const stackFolder = (stack: string, output = "cdktf.out") => join(clone.folder, output, "stacks", stack);
  const variables = tfVariables();

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
      const file = join(clone.folder, "services", "names.ts");
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
    "deploy network app applies both to an empty account; diff and output follow",
    async () => {
      const deploy = await cdktf(["deploy", "network", "app", "--auto-approve", ...deployment]);
      expect([deploy.exitCode, deploy.stdout]).toEqual([0, expect.stringContaining("cluster_name = cruddur")]);
      expect(existsSync(join(clone.folder, "terraform.network.tfstate"))).toBe(true);
      expect(existsSync(join(clone.folder, "terraform.app.tfstate"))).toBe(true);

      const diff = await cdktf(["diff", "network", ...deployment]);
      expect([diff.exitCode, diff.stdout]).toEqual([0, expect.stringContaining("No changes.")]);

      const outputs = await cdktf(["output", "network", "app", "--outputs-file", "outputs.json"]);
      expect(outputs.exitCode).toBe(0);
      expect(JSON.parse(readFileSync(join(clone.folder, "outputs.json"), "utf8"))).toMatchObject({
        network: { domain_names: { "backend-flask": "api.cruddur.example.com" } },
        app: { cluster_name: "cruddur", repository_urls: { envoy: expect.stringContaining("/envoy") } },
      });
    },
    10 * minute,
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
      expect([exitCode, stdout]).toEqual([
        2,
        expect.stringMatching(/━━ network[\s\S]*No changes\.[\s\S]*━━ app[\s\S]*0 to add, 4 to change, 0 to destroy/),
      ]);
      const without = await plan();
      expect([without.exitCode, without.stdout]).toEqual([
        1,
        expect.stringContaining("No value for required variable"),
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
    3 * minute,
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

  test(
    "destroy is refused while data is protected, and goes through when the setting lifts it",
    async () => {
      const destroy = ["destroy", "app", "network", "--auto-approve", ...deployment];
      const refused = await cdktf(destroy);
      expect(refused.exitCode).toBe(1);
      expect(refused.stdout).toContain("Instance cannot be destroyed");
      const lifted = await cdktf(destroy, { CRUDDUR_PREVENT_DESTROY: "false" });
      expect([lifted.exitCode, lifted.stderr]).toEqual([0, expect.anything()]);
      for (const stack of ["network", "app"]) {
        const state = JSON.parse(readFileSync(join(clone.folder, `terraform.${stack}.tfstate`), "utf8"));
        expect(state.resources).toEqual([]);
      }
    },
    10 * minute,
  );
});
