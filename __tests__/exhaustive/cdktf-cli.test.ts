/** The cdktf command line on a user's clone, without a terminal, from an empty account and back to one. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../lib/project";
import { type RunResult, runProcess } from "../../lib/run-process";
import { type LocalAws, startLocalAws } from "../../local/aws";
import { sampleVariables } from "../../local/trial/sample-variables";
import { type Clone, cloneProject } from "../../tools/clone-project";

const minute = 60_000;

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
