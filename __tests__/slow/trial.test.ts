/** The README's first command, as a new user runs it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { type Clone, cloneProject } from "../../tools/clone-project";
import { processesWith, until } from "../support/processes";

const minute = 60_000;
const project = join(__dirname, "..", "..");

describe("npm run trial", () => {
  let clone: Clone;
  beforeAll(() => {
    clone = cloneProject(project);
  });
  afterAll(() => clone.remove());

  /** A PATH on which no moto_server is, so that the trial installs its own. */
  function pathWithoutMoto(): string {
    const bin = join(clone.folder, ".cache", "bin");
    mkdirSync(bin, { recursive: true });
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"]).toString().trim();
    symlinkSync(python, join(bin, "python3"));
    const folders = (process.env.PATH ?? "").split(delimiter);
    return [bin, ...folders.filter((folder) => !existsSync(join(folder, "moto_server")))].join(delimiter);
  }

  function start(args: readonly string[], environment: NodeJS.ProcessEnv): { child: ChildProcess; said: () => string } {
    const child = spawn("npm", ["run", "trial", "--", ...args], {
      cwd: clone.folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        text += chunk;
      });
    }
    return { child, said: () => text };
  }

  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      if (child.exitCode !== null) resolve(child.exitCode);
      else child.once("exit", resolve);
    });

  test(
    "installs moto, deploys both stacks, shows the outputs and a second plan, and leaves nothing",
    async () => {
      const marker = randomUUID();
      const { child, said } = start(["--region", "eu-west-1"], { PATH: pathWithoutMoto(), MARKER: marker });
      expect([await ended(child), said()]).toEqual([0, expect.stringContaining("Installing moto")]);
      const text = said();
      expect(text).toContain("Resources: 20 added, 0 changed, 0 destroyed");
      expect(text).toContain("Resources: 36 added, 0 changed, 0 destroyed");
      expect(text).toContain('cluster_name = "cruddur"');
      expect(text).toContain(".dkr.ecr.eu-west-1.amazonaws.com/envoy");
      expect(text).toContain("network: no changes\n");
      expect(text.match(/app: no changes but what moto forgets/g)).toHaveLength(4);
      expect(processesWith(marker)).toEqual([]);
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
      expect(existsSync(join(clone.folder, "terraform.app.tfstate"))).toBe(false);
    },
    10 * minute,
  );

  test.each([
    ["while the local AWS starts", "Starting the local AWS"],
    ["while Terraform applies", "aws_vpc_endpoint.dynamodb: Creation complete"],
  ])(
    "interrupted %s, stops everything and leaves nothing",
    async (_when, line) => {
      const marker = randomUUID();
      const { child, said } = start([], { MARKER: marker });
      await until(() => said().includes(line), line, 2 * minute);
      expect(processesWith(marker)).not.toEqual([]);
      // Ctrl-C: the terminal signals the whole foreground group.
      process.kill(-(child.pid ?? 0), "SIGINT");
      await ended(child);
      await until(() => processesWith(marker).length === 0, "the end of all processes");
      expect(said()).toContain("Interrupted");
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    4 * minute,
  );

  test("says what is missing without Terraform", async () => {
    const run = await runProcess("npm", ["run", "--silent", "trial"], {
      cwd: clone.folder,
      environment: { ...process.env, TERRAFORM_BINARY_NAME: "no-such-terraform" },
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      'Error: No Terraform was found ("no-such-terraform"): install Terraform 1.10.0 or later',
    );
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  test(
    "kept, leaves the local AWS for looking around until it is stopped",
    async () => {
      const marker = randomUUID();
      const environment = { ...process.env, MARKER: marker };
      const { child, said } = start(["--keep"], { MARKER: marker });
      expect([await ended(child), said()]).toEqual([0, expect.stringContaining("The local AWS goes on")]);
      const file = join(clone.folder, ".trial", "environment.sh");
      expect(readFileSync(file, "utf8")).toContain("export AWS_ENDPOINT_URL=");
      const script =
        ". .trial/environment.sh && terraform -chdir=.trial/cdktf.out/stacks/network plan -no-color -detailed-exitcode";
      const plan = await runProcess("sh", ["-c", script], { cwd: clone.folder });
      expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
      const again = await runProcess("npm", ["run", "--silent", "trial"], { cwd: clone.folder, environment });
      expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("A trial was kept")]);
      const stop = await runProcess("npm", ["run", "trial", "--", "--stop"], { cwd: clone.folder });
      expect(stop.exitCode).toBe(0);
      await until(() => processesWith(marker).length === 0, "the end of all processes");
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    10 * minute,
  );
});
