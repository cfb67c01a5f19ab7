/** Deploys services anew with the task definitions that they have, and waits until they are steady. */
import { printable } from "../../lib/printable";
import { report } from "../../lib/report";
import { UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import { type AwsOptions, awsUserError } from "../../operations/aws";
import { beginRedeploy, begunOutcome, followRollout, type Outcome } from "../../operations/ecs/redeploy";
import { requireServices } from "../../operations/ecs/services";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, withJson } from "../shared/options";
import { outcomeLine } from "./outcome";
import { beginEcsSession } from "./session";
import { type WaitingOptions, withWaiting } from "./waiting";

type RedeployOptions = AwsOptions & JsonOption & WaitingOptions;

const command = withAwsOptions(
  withJson(
    withWaiting(
      newCommand(
        "bin/ecs/redeploy",
        "Starts a new deployment of each service, with the task definition that it has: the tasks pull their images again. Waits until all are steady.",
        {
          done: "every service is steady with the new deployment (with --no-wait: started)",
          failed: "refused: nothing was started, or the error says what was",
          unfinished:
            "a deployment failed, was replaced (the circuit breaker's roll-back, too), or took longer than --timeout",
          interrupted: "interrupted: the deployments go on in AWS",
        },
      ).argument("<service...>", "names of services"),
    ),
    "{cluster, deployments}; progress is on the standard error",
  ),
);

/** Deployments that AWS goes on with, whatever becomes of this process. */
const begun: string[] = [];

function goesOn(): string {
  return begun.length === 0
    ? "Nothing was started."
    : `What was started goes on in AWS (${begun.join(", ")}): bin/ecs/status shows it.`;
}

function told(outcome: Outcome): string {
  const { service, deployment, taskDefinition, stoppedTasks } = outcome;
  const stopped = Object.keys(stoppedTasks).length;
  const tasks = stopped === 0 ? "" : ` ${stopped} of its tasks stopped: the reasons are above.`;
  return `${outcomeLine(outcome, `${service} (${taskDefinition}, ${deployment})`)}${tasks}`;
}

async function main(options: RedeployOptions, given: readonly string[]): Promise<void> {
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  const names = [...new Set(given)];
  process.once("SIGINT", () => {
    report(`Interrupted. ${goesOn()}`);
    process.exit(exitCodes.interrupted);
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
  else for (const one of deployments) console.log(printable(told(one)));
  if (deployments.some(({ outcome }) => outcome === "failed" || outcome === "timed out"))
    process.exitCode = exitCodes.unfinished;
  const lost = ends.find(({ status }) => status === "rejected");
  if (lost?.status === "rejected") throw lost.reason;
}

performOnAws<RedeployOptions>(command, (options, given) =>
  main(options, given).catch((error) => {
    const userError = awsUserError(error);
    if (userError === undefined || begun.length === 0) throw error;
    throw new UserError(`${userError.message} ${goesOn()}`);
  }),
);
