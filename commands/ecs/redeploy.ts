/** Deploys services anew with the task definitions that they have, and waits until they are steady. */
import { Command, Option } from "commander";
import { milliseconds } from "../../lib/duration";
import { report } from "../../lib/report";
import { UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, awsUserError, performOnAws, withAwsOptions } from "../../operations/aws";
import { beginRedeploy, begunOutcome, followRollout, type Outcome } from "../../operations/ecs/redeploy";
import { requireServices } from "../../operations/ecs/services";
import { beginEcsSession } from "./session";

const exitFailed = 3;
const exitInterrupted = 130;

interface RedeployOptions extends AwsOptions {
  readonly wait: boolean;
  readonly timeout: number;
  readonly interval: number;
  readonly json: boolean;
}

const duration = (flag: string) => (text: string) => milliseconds(text, flag);

const command = withAwsOptions(
  new Command("bin/ecs/redeploy")
    .description(
      "Deploys services anew with the task definitions that they have: tasks start from freshly pulled images. Waits until they are steady.",
    )
    .argument("<service...>", "names of services")
    .option("--no-wait", "begin the deployments, and leave")
    .addOption(
      new Option("--timeout <duration>", "wait at most so long: 90s, 15m, 1h")
        .argParser(duration("--timeout"))
        .default(milliseconds("15m", "--timeout"), "15m"),
    )
    .addOption(
      new Option("--interval <duration>", "look so often")
        .argParser(duration("--interval"))
        .default(milliseconds("5s", "--interval"), "5s"),
    )
    .option("--json", "the result as JSON: {cluster, deployments}; progress is on the standard error", false),
).addHelpText(
  "after",
  `
Exit codes:
  0    every service is steady with the new deployment (with --no-wait: begun)
  3    a deployment failed, was replaced (the circuit breaker's roll-back, too), or took longer than --timeout
  1    refused: nothing was begun, or the error says what was
  130  interrupted: the deployments go on in AWS`,
);

/** Deployments that AWS goes on with, whatever becomes of this process. */
const begun: string[] = [];

function goesOn(): string {
  return begun.length === 0
    ? "Nothing was begun."
    : `What was begun goes on in AWS (${begun.join(", ")}): bin/ecs/status shows it.`;
}

function told({ service, deployment, taskDefinition, outcome, reason, stoppedTasks }: Outcome): string {
  const what = `${service} (${taskDefinition}, ${deployment})`;
  const stopped = Object.keys(stoppedTasks).length;
  const tasks = stopped === 0 ? "" : ` ${stopped} of its tasks stopped: the reasons are above.`;
  if (outcome === "steady") return `${what} is steady.${tasks}`;
  if (outcome === "begun") return `${what} is begun: bin/ecs/status shows how it goes on.`;
  if (outcome === "failed") return `${what} failed: ${reason}.${tasks}`;
  return `${what} isn't steady in the time of --timeout; it goes on in AWS.${tasks}`;
}

async function main(): Promise<void> {
  const options = command.parse().opts<RedeployOptions>();
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  const names = [...new Set(command.args)];
  process.once("SIGINT", () => {
    report(`Interrupted. ${goesOn()}`);
    process.exit(exitInterrupted);
  });
  await requireAllowedAccount(config, settings);
  await requireServices(ecs, cluster, names, declared);
  const rollouts = [];
  for (const name of names) {
    const rollout = await beginRedeploy(ecs, cluster, name);
    begun.push(name);
    report(`${name}: began ${rollout.rollout.deploymentId} of ${rollout.rollout.taskDefinition}`);
    rollouts.push(rollout);
  }
  const follow = { timeoutMs: options.timeout, intervalMs: options.interval, report };
  const ends = await Promise.allSettled(
    rollouts.map((begun) =>
      options.wait ? followRollout(ecs, cluster, begun, follow) : Promise.resolve(begunOutcome(begun.rollout)),
    ),
  );
  const deployments = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  if (options.json) console.log(JSON.stringify({ cluster, deployments }, null, 2));
  else for (const one of deployments) console.log(told(one));
  if (deployments.some(({ outcome }) => outcome === "failed" || outcome === "timed out")) process.exitCode = exitFailed;
  const lost = ends.find(({ status }) => status === "rejected");
  if (lost?.status === "rejected") throw lost.reason;
}

performOnAws(() =>
  main().catch((error) => {
    const userError = awsUserError(error);
    if (userError === undefined || begun.length === 0) throw error;
    throw new UserError(`${userError.message} ${goesOn()}`);
  }),
);
