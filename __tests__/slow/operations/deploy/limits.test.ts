/** The settings that limit a deployed system, by the real Terraform and AWS provider: nothing restarts, nothing is replaced. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../../../lib/run-process";
import { motoGaps } from "../../../../local/aws/gaps";
import { tfVariables } from "../../../../local/trial/sample-variables";
import type { Explanation } from "../../../../operations/explain/explained";
import { type DeployedClone, deployedClone } from "../../../support/aws/deployed-clone";

const minute = 60_000;
let deployed: DeployedClone;

beforeAll(async () => {
  deployed = await deployedClone();
}, 10 * minute);

afterAll(() => deployed?.end());

async function planned(settings: object): Promise<Explanation> {
  const { clone, system, environment } = deployed;
  writeFileSync(join(clone.folder, "settings.json"), JSON.stringify(settings));
  const { stdout, stderr } = await runProcess("npm", ["run", "--silent", "plan", "--", "--json"], {
    cwd: clone.folder,
    environment: { ...environment, ...tfVariables(system.variables) },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** What the local AWS forgets of each service, setting or not. */
const forgotten = motoGaps.aws_ecs_service?.map(({ path }) => path) ?? [];

/** What is done to which type; of an update, to which arguments. */
function actions({ changes }: Explanation): readonly string[] {
  const told = changes.flatMap(({ address, action, attributes }) => {
    const paths = attributes.map(({ path }) => path.replace(/[.[].*/, "")).filter((path) => !forgotten.includes(path));
    if (action === "update" && paths.length === 0) return [];
    return [[address.split(".")[0], action, ...(action === "update" ? [...new Set(paths)].sort() : [])].join(" ")];
  });
  return [...new Set(told)].sort();
}

const range = { min: 1, max: 4, cpuPercent: 60 };
const alarms = { enabled: true, emails: ["team@example.com"] };

test.each([
  ["a circuit breaker", { circuitBreaker: true }, ["aws_ecs_service update deployment_circuit_breaker"]],
  [
    "autoscaling",
    { autoscaling: { "backend-flask": range } },
    ["aws_appautoscaling_policy create", "aws_appautoscaling_target create"],
  ],
  [
    "alarms",
    { alarms },
    [
      "aws_cloudwatch_event_rule create",
      "aws_cloudwatch_event_target create",
      "aws_cloudwatch_metric_alarm create",
      "aws_sns_topic create",
      "aws_sns_topic_policy create",
      "aws_sns_topic_subscription create",
    ],
  ],
])(
  "%s: in place, and no task restarts",
  async (_, settings, expected) => {
    const plan = await planned(settings);
    expect([plan.exitCode, actions(plan), plan.restarts, plan.failed]).toEqual([2, expected, [], []]);
  },
  3 * minute,
);
