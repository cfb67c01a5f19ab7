/** What holds for every workflow. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { zizmorCommand } from "../../tools/zizmor";
import { project } from "../support/project";
import { workflowOf } from "../support/workflow";

const folder = join(project, ".github", "workflows");
const names = readdirSync(folder).map((file) => file.replace(/\.yml$/, ""));

test(
  "zizmor finds nothing that attackers could use",
  async () => {
    const command = await zizmorCommand(project);
    const { exitCode, stdout, stderr } = await runProcess(command, ["--offline", "--no-progress", folder], {
      environment: process.env,
    });
    expect([exitCode, stdout + stderr]).toEqual([0, expect.stringContaining("No findings to report")]);
  },
  8 * 60_000,
);

test.each(names)("in %s, a job that can get a token runs no install script of a package", (name) => {
  for (const { permissions, steps } of Object.values(workflowOf(name).jobs)) {
    if (permissions["id-token"] !== "write") continue;
    const installs = steps.flatMap(({ run }) => run?.match(/\bnpm (ci|install|i)\b.*/g) ?? []);
    expect(installs).toEqual(["npm ci --ignore-scripts"]);
  }
});
