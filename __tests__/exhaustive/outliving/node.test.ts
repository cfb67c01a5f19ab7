/** The oldest and the newest Node that the README names: the unit tests, and what they synthesize. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { newestNode, oldestNode, withNode } from "../../support/node-versions";
import { project } from "../../support/project";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a newer or older Node could break: the runner, the settings, the stacks, plans, states and commands. */
const quick = "unit/(additions|commands|constructs|lib|settings|stacks|state|terraform|tools)/";

describe.each([oldestNode, newestNode])("on Node %s", (version) => {
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    environment = { ...(await withNode(version)), CI: "1", CHECKPOINT_DISABLE: "1" };
  }, 3 * minute);

  const run = (command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    runProcess(command, args, { cwd: project, environment: { ...environment, ...more } });

  test(
    "cdktf synth writes the golden files",
    async () => {
      const outdir = join(folder, version);
      const settings = { CRUDDUR_SETTINGS: "", CDKTF_OUTDIR: outdir };
      const synth = await run(join("node_modules", ".bin", "cdktf"), ["synth", "--output", outdir], settings);
      expect([synth.exitCode, synth.stderr]).toEqual([0, expect.anything()]);
      const stackFile = (stack: string) => readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
      for (const stack of ["network", "app"]) {
        const golden = readFileSync(join(project, "__tests__", "golden", `${stack}.tf.json`), "utf8");
        // The path of a local state counts from the output's folder.
        const withoutPath = (text: string) =>
          text.replace(/"path": "[./\w-]*(terraform\.\w+\.tfstate)"/g, '"path": "$1"');
        expect(withoutPath(stackFile(stack))).toBe(withoutPath(golden));
      }
    },
    2 * minute,
  );

  test(
    "the quick unit tests pass",
    async () => {
      const args = ["--selectProjects", "unit", "--maxWorkers", "2", "--testPathPatterns", quick];
      const { exitCode, stdout, stderr } = await run("node", ["node_modules/jest/bin/jest.js", ...args]);
      if (exitCode !== 0) throw new Error((stderr + stdout).slice(-6000));
      expect(stdout).toMatch(/\d{3,} passed, 0 failed/);
    },
    8 * minute,
  );
});
