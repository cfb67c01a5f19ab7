/** The settings that keep a service within limits, as docs/running.md has them: applied, at work, and taken back. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { tfVariables } from "../../../local/trial/sample-variables";
import { type DeployedClone, deployedClone } from "../../support/aws/deployed-clone";
import { type LivingEcs, startLivingEcs } from "../../support/aws/living-ecs";
import { isNeverPushed, wantNeverPushed } from "../../support/never-pushed";
import { project } from "../../support/project";

const minute = 60_000;
const page = readFileSync(join(project, "docs", "running.md"), "utf8");
const [, documented = ""] = /## Settings that keep[^`]*```json\n(.*?)```/s.exec(page) ?? [];
let deployed: DeployedClone;
let living: LivingEcs;

beforeAll(async () => {
  deployed = await deployedClone();
  living = await startLivingEcs(deployed.system, { isMissing: isNeverPushed });
}, 10 * minute);

afterAll(async () => {
  await living?.stop();
  await deployed?.end();
});

function run(command: string, ...args: string[]): Promise<RunResult> {
  const { clone, environment, system } = deployed;
  const more = { AWS_ENDPOINT_URL: living.endpoint, ...tfVariables(system.variables) };
  return runProcess(command, args, { cwd: clone.folder, environment: { ...environment, ...more } });
}

function ends({ exitCode, stdout, stderr }: RunResult, code: number): string {
  expect([exitCode, exitCode === code ? "" : stdout + stderr]).toEqual([code, ""]);
  return stdout;
}

const settings = (text: string) => writeFileSync(join(deployed.clone.folder, "settings.json"), text);
const plan = (...more: string[]) => run("npm", "run", "--silent", "plan", "--", ...more);

/** How many of each type the states have, of those that only these settings bring. */
function limits(): Record<string, number> {
  const states = ["network", "app"].map((stack) => join(deployed.clone.folder, `terraform.${stack}.tfstate`));
  const resources = states.flatMap((file) => JSON.parse(readFileSync(file, "utf8")).resources);
  const counts: Record<string, number> = {};
  for (const { type, instances } of resources as { type: string; instances: unknown[] }[])
    if (/^aws_(appautoscaling|cloudwatch_event|cloudwatch_metric|sns)_/.test(type))
      counts[type] = (counts[type] ?? 0) + instances.length;
  return counts;
}

test(
  "all of the page's settings are applied, and the next plan is empty",
  async () => {
    settings(documented);
    expect(ends(await run("bin/deploy", "--yes"), 0)).toContain("Applied: network, app.");
    expect(limits()).toEqual({
      aws_appautoscaling_policy: 1,
      aws_appautoscaling_target: 1,
      aws_cloudwatch_event_rule: 1,
      aws_cloudwatch_event_target: 1,
      aws_cloudwatch_metric_alarm: 9,
      aws_sns_topic: 1,
      aws_sns_topic_policy: 1,
      aws_sns_topic_subscription: 1,
    });
    ends(await plan(), 0);
  },
  8 * minute,
);

test(
  "the circuit breaker goes back from tasks that don't start, and bin/deploy --wait ends with 3",
  async () => {
    const services = join("additions", "services.ts");
    wantNeverPushed(deployed.clone.folder);
    const said = ends(await run("bin/deploy", "--yes", "--wait", "--interval", "1s"), 3);
    expect(said).toMatch(
      /^backend-flask \(backend-flask:2\) failed: it was replaced; the service now deploys backend-flask:1 by ecs-svc\/\w+ \(ECS deployment circuit breaker: rolling back to deploymentId ecs-svc\/\w+\)\.$/m,
    );
    ends(await run("bin/ecs/status"), 0);
    cpSync(join(project, services), join(deployed.clone.folder, services));
    expect(ends(await run("bin/deploy", "--yes", "--wait"), 0)).toContain("backend-flask (backend-flask:3) is steady.");
    ends(await plan(), 0);
  },
  8 * minute,
);

test(
  "taken back, each that is destroyed is named before; the next plan is empty",
  async () => {
    settings("{}");
    const { changes } = JSON.parse(ends(await plan("--json"), 3)) as { changes: { address: string; action: string }[] };
    const destroyed = changes.filter(({ action }) => action === "destroy").map(({ address }) => address);
    expect(destroyed).toHaveLength(Object.values(limits()).reduce((sum, count) => sum + count));
    ends(await run("bin/deploy", "--yes"), 3);
    const allowed = destroyed.flatMap((address) => ["--allow-destroy", address]);
    expect(ends(await run("bin/deploy", "--yes", ...allowed), 0)).toContain("Applied: network, app.");
    expect(limits()).toEqual({});
    ends(await plan(), 0);
  },
  8 * minute,
);
