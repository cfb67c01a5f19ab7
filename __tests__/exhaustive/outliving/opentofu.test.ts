/** OpenTofu in Terraform's place: TERRAFORM_BINARY_NAME is all that changes. Runs where OpenTofu was built. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { lockFileName } from "../../../terraform/provider-lock";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { type Deployed, deployedSystem } from "../../support/aws/deployed";
import { tfvars } from "../../support/aws/old-module";
import { openTofuEnvironment } from "../../support/opentofu";
import { project } from "../../support/project";
import { addresses, type Case, labForTests, managed } from "../../support/state/lab";

const minute = 60_000;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "opentofu-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("over the deployed system", () => {
  let deployed: Deployed;
  let clone: Clone;
  beforeAll(async () => {
    deployed = await deployedSystem();
    clone = cloneProject(project);
    deployed.writeStates(clone.folder);
    writeFileSync(join(clone.folder, "team.tfvars"), tfvars(deployed.variables));
  }, 10 * minute);
  afterAll(async () => {
    await deployed?.aws.stop();
    clone?.remove();
  });

  const plan = (more: NodeJS.ProcessEnv = {}, file = "team.tfvars"): Promise<RunResult> =>
    runProcess("npm", ["run", "--silent", "plan", "--", "--var-file", file], {
      cwd: clone.folder,
      environment: { ...process.env, ...deployed.aws.environment, ...more },
    });
  const stackFolder = (stack: string) => join(clone.folder, "cdktf.out", "stacks", stack);
  const lockIn = (stack: string) => readFileSync(join(stackFolder(stack), lockFileName), "utf8");
  const ofTerraform = (text: string) => text.replaceAll("OpenTofu", "Terraform");

  test(
    "plans the same as Terraform, in folders that Terraform has initialized, and the other way round",
    async () => {
      const byTerraform = await plan();
      expect([byTerraform.exitCode, byTerraform.stdout]).toEqual([
        2,
        expect.stringMatching(/^network and app: 4 changed in place\./),
      ]);
      const environment = openTofuEnvironment(folder, stackFolder("network"));
      const byTofu = await plan(environment);
      expect([byTofu.exitCode, ofTerraform(byTofu.stdout)]).toEqual([2, byTerraform.stdout]);
      // What init has noted of its own build is there after the next synth, too.
      expect(lockIn("network")).toMatch(/registry\.opentofu\.org[^}]*h1:/);
      expect((await plan(environment)).stdout).toBe(byTofu.stdout);
      expect(lockIn("network")).toMatch(/registry\.opentofu\.org[^}]*h1:/);
      expect(lockIn("network")).toMatch(/registry\.terraform\.io[^}]*zh:/);
      const again = await plan();
      expect([again.exitCode, again.stdout]).toEqual([2, byTerraform.stdout]);
    },
    10 * minute,
  );

  test(
    "inits of both leave the hashes that the project's file has, once a synth has put it there again",
    async () => {
      const environment = {
        ...process.env,
        ...deployed.aws.environment,
        ...openTofuEnvironment(join(folder, "again"), stackFolder("app")),
      };
      const init = await runProcess(environment.TERRAFORM_BINARY_NAME ?? "", ["init", "-no-color"], {
        cwd: stackFolder("app"),
        environment,
      });
      expect([init.exitCode, init.stdout + init.stderr]).toEqual([
        0,
        expect.not.stringContaining("automatically rewrote"),
      ]);
    },
    2 * minute,
  );

  test(
    "is called by its own name where it is missing, fails or is too old",
    async () => {
      const missing = await plan({ TERRAFORM_BINARY_NAME: join(folder, "no-such-tofu") });
      expect([missing.exitCode, missing.stderr]).toEqual([
        1,
        expect.stringMatching(/No OpenTofu was found .*install OpenTofu 1\.10\.0 or later \(https:\/\/opentofu\.org/),
      ]);
      const old = join(folder, "tofu-1.6");
      writeFileSync(old, "#!/bin/sh\necho OpenTofu v1.6.0\n", { mode: 0o755 });
      expect((await plan({ TERRAFORM_BINARY_NAME: old })).stderr).toContain("OpenTofu 1.6.0 is too old");
      writeFileSync(join(clone.folder, "broken.tfvars"), "x = [");
      const broken = await plan(openTofuEnvironment(join(folder, "broken"), stackFolder("app")), "broken.tfvars");
      expect([broken.exitCode, broken.stderr]).toEqual([1, expect.stringContaining("OpenTofu says:")]);
    },
    3 * minute,
  );
});

describe("on states in S3, with its own locks", () => {
  const { lab, newCase } = labForTests({});
  let environment: NodeJS.ProcessEnv;
  let one: Case;

  beforeAll(async () => {
    environment = openTofuEnvironment(join(folder, "lab"), lab.module);
    one = await newCase("lock file");
  }, 3 * minute);

  test(
    "checks, splits and rolls back what Terraform has written",
    async () => {
      const checked = await one.command("check", ["--from", one.source], { environment });
      expect([checked.exitCode, checked.stdout]).toEqual([0, expect.stringContaining("Nothing differs.")]);
      const locked: string[] = [];
      one.proxy.onWrite = (write) => {
        if (JSON.stringify(write).includes(".tflock")) locked.push(JSON.stringify(write));
        return undefined;
      };
      const split = await one.split(["--apply"], { environment });
      expect([split.exitCode, split.stderr]).toEqual([0, expect.anything()]);
      expect(locked.length).toBeGreaterThan(0);
      const { network, app } = await one.documents();
      expect([managed(network), managed(app)]).toEqual([[...addresses.network].sort(), [...addresses.app].sort()]);
      expect(await one.locks()).toEqual([]);
      const back = await one.rollback([], { environment });
      expect([back.exitCode, back.stderr]).toEqual([0, expect.anything()]);
      expect(managed((await one.documents()).app)).toEqual([...addresses.app, ...addresses.network].sort());
      // Terraform reads it afterwards.
      const after = await one.command("check", ["--from", one.source]);
      expect([after.exitCode, after.stdout]).toEqual([0, expect.stringContaining("Nothing differs.")]);
    },
    8 * minute,
  );

  test(
    "waits for a colleague's lock and names who has it",
    async () => {
      const other = await newCase("lock file");
      const colleague = await other.colleague();
      try {
        const refused = await other.split(["--apply"], { environment });
        expect([refused.exitCode, refused.stderr]).not.toEqual([0, expect.anything()]);
        expect(refused.stderr).toMatch(/locked/i);
      } finally {
        await colleague.release();
      }
      expect(existsSync(other.folder)).toBe(true);
    },
    5 * minute,
  );
});
