/** Sets how many tasks a service runs. */
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import type { AwsOptions } from "../../operations/aws";
import { requireServices } from "../../operations/ecs/services";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type JsonOption, withJson } from "../shared/options";
import { outcomeLine } from "./outcome";
import { beginEcsSession } from "./session";
import { updateAndWait, type WaitingOptions, withWaiting } from "./waiting";

const command = withAwsOptions(
  withJson(
    withWaiting(
      newCommand("bin/ecs/scale", "Sets how many tasks a service runs, and waits until it is steady.", {
        done: "the service is steady with that many tasks (with --no-wait: begun)",
        failed: "refused: the service is as it was",
        unfinished: "its deployment failed, or took longer than --timeout",
        interrupted: "interrupted: what was begun goes on in AWS",
      })
        .argument("<service>", "a service of the cluster")
        .argument("<count>", "tasks; 0 stops all of them"),
    ),
    "{service, from, to, deployment, taskDefinition, outcome, reason, stoppedTasks}",
  ),
);

function taskCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UserError(`The number of tasks is ${shown(text)}: give a whole number from 0 to 9999.`);
}

performOnAws<AwsOptions & JsonOption & WaitingOptions>(command, async (options, [name = "", count = ""]) => {
  const to = taskCount(count);
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  await requireAllowedAccount(config, settings);
  const [service = {}] = await requireServices(ecs, cluster, [name], declared);
  const from = service.desiredCount ?? 0;
  const range = settings.autoscaling[name];
  if (range !== undefined) {
    report(
      `The setting autoscaling keeps ${name} between ${range.min} and ${range.max} tasks: AWS goes on from ${to}.`,
    );
  }
  const outcome = await updateAndWait(ecs, { ...service, clusterArn: cluster }, { desiredCount: to }, options);
  if (options.json) console.log(JSON.stringify({ ...outcome, from, to }, null, 2));
  else console.log(`${outcomeLine(outcome)} Tasks: ${from} → ${to}.`);
  if (range === undefined && from !== to) {
    report(
      `The configuration still has ${from}: the next plan puts it back, and shows that. To stay, set the Terraform variable ecs_service_desired_count (all services), or the setting autoscaling for ${name}.`,
    );
  }
});
