/** The page's own commands, by which the two states become the one of the merged module. */
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { isMotoGap } from "../../../local/aws/gaps";
import { tfVariables } from "../../../local/trial/sample-variables";
import { plannedChanges } from "../../../terraform/plan-changes";
import { Terraform } from "../../../terraform/terraform";
import { type DeployedClone, deployedClone } from "../../support/aws/deployed-clone";
import { project } from "../../support/project";

const minute = 60_000;
let deployed: DeployedClone;
let merged: string;

beforeAll(async () => {
  deployed = await deployedClone();
  merged = `${deployed.clone.folder}-hcl`;
}, 10 * minute);

afterAll(async () => {
  if (merged !== undefined) rmSync(merged, { recursive: true, force: true });
  await deployed?.end();
});

/** What a shell says to lines as they are pasted into it, in the clone's folder. */
function pasted(lines: string): Promise<RunResult> {
  const { clone, environment, system } = deployed;
  return runProcess("sh", ["-euc", lines], {
    cwd: clone.folder,
    environment: { ...environment, ...tfVariables(system.variables) },
  });
}

test(
  "the merged module over the merged state plans no resource otherwise",
  async () => {
    const [, section = ""] = readFileSync(join(project, "docs", "ejecting.md"), "utf8").split(
      "\n## One root, one state\n",
    );
    const block = /^```sh\n(.*?)^```$/ms.exec(section)?.[1] ?? "";
    expect(block).toContain("terraform state mv");
    expect(dirname(merged)).toBe(dirname(deployed.clone.folder));
    const own = block.replaceAll("../cruddur-hcl", merged);
    const before = await pasted(
      `npm run --silent plan >&2 || test $? = 2; npm run --silent eject -- --one-root --out ${merged}`,
    );
    expect([before.exitCode, before.stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    const run = await pasted(own);
    expect([run.exitCode, run.stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    const plan = stripVTControlCharacters(run.stdout);
    expect(plan).toMatch(/Plan: 0 to add, \d+ to change, 0 to destroy/);
    expect(plan).toContain("Changes to Outputs:");
    const terraform = new Terraform(merged, {
      environment: { ...deployed.environment, ...tfVariables(deployed.system.variables) },
    });
    const changes = plannedChanges(await terraform.plan());
    expect(changes.filter((change) => !isMotoGap(change))).toEqual([]);
  },
  6 * minute,
);
