/** Runs a command as a task of its own beside a service: migrations, seeds, and whatever else is done once. */
import { setTimeout as wait } from "node:timers/promises";
import { interruptedBy } from "../../lib/interruption";
import { report } from "../../lib/report";
import { shellCommand } from "../../lib/shell-words";
import { UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import type { AwsOptions } from "../../operations/aws";
import { LogReader } from "../../operations/ecs/logs";
import {
  endingOf,
  type OneOff,
  oneOffOf,
  startTask,
  stopTask,
  taskId,
  taskNow,
} from "../../operations/ecs/one-off-task";
import { requireServices } from "../../operations/ecs/services";
import { NotSeen, seen } from "../../operations/waiting";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { durationOption, type JsonOption, withJson } from "../shared/options";
import { beginEcsSession, type EcsSession } from "./session";

interface Options extends AwsOptions, JsonOption {
  readonly container?: string;
  readonly interval: number;
}

const command = withAwsOptions(
  withJson(
    newCommand(
      "bin/ecs/run",
      "Runs a command once, as a task beside a service: with the service's image, network, roles and secrets. Prints its log, and ends with its exit code.",
      {
        done: "the command has ended with 0; any other code is the command's own",
        failed: "no task was started, or its container never ran: the error says why",
        interrupted: "interrupted by Ctrl-C: the task is stopped",
      },
    )
      .argument("<service>", "a service of the cluster")
      .argument("<command...>", "what to run, after --; it takes the place of the image's CMD")
      .option("--container <name>", "whose image and environment it gets (default: the one named like the service)")
      .addOption(durationOption("--interval <duration>", "time between two checks of task and log", "2s")),
    "{task, service, container, taskDefinition, exitCode, reason}; the log is then on the standard error",
  ),
).addHelpText("after", "\nOptions come before --: bin/ecs/run backend-flask -- flask db upgrade");

/** Checks in a row that bring nothing, after which the log of a task that has stopped is taken for whole. */
const silentLooks = 3;

/** The new lines of the container's log, each time that it is asked. */
function logOf(
  { log, container }: OneOff,
  id: string,
  { config }: EcsSession,
): (abort: AbortSignal) => Promise<string[]> {
  if (log === undefined) {
    report(`The log of ${container} isn't in CloudWatch: only its end is told here.`);
    return async () => [];
  }
  const { CloudWatchLogsClient } =
    require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs");
  const client = new CloudWatchLogsClient({ ...config, ...(log.region !== undefined && { region: log.region }) });
  const query = { logGroupName: log.group, streamPrefixes: [`${log.prefix}/${container}/${id}`] };
  // A clock that is ahead of AWS's must not hide the first lines.
  const reader = new LogReader(client, query, Date.now() - 60 * 60_000);
  return async (abort) => (await reader.next(Date.now(), abort)).map(({ message }) => message);
}

performOnAws<Options>(command, async (options, [name = "", ...words]) => {
  const session = beginEcsSession(options);
  const { config, ecs, cluster, settings, declared } = session;
  const signal = interruptedBy(() => report("Interrupted: stopping the task. Ctrl-C again leaves it to AWS."));
  await requireAllowedAccount(config, settings);
  const [service = {}] = await requireServices(ecs, cluster, [name], declared);
  const oneOff = await oneOffOf(ecs, cluster, service, { containerName: options.container, command: words });
  const { container, taskDefinition } = oneOff;
  if (signal.aborted) throw new UserError("Interrupted. Nothing was started.");
  const started = await startTask(ecs, oneOff);
  const [arn, id] = [started.taskArn ?? "", taskId(started)];
  report(`Running in ${container} of the task ${id} (${taskDefinition}): ${shellCommand(words)}`);
  const newLines = logOf(oneOff, id, session);
  // What AWS can't answer for now is asked again: the task goes on meanwhile.
  const look = <T>(once: (abort: AbortSignal) => Promise<T>) => seen(once, { intervalMs: options.interval, report });
  const printNew = async () => {
    const lines = await look(newLines);
    if (lines instanceof NotSeen) return 0;
    for (const line of lines) (options.json ? process.stderr : process.stdout).write(`${line}\n`);
    return lines.length;
  };
  let [isStopping, told, task] = [false, "", started];
  const stop = async () => {
    if (isStopping || !signal.aborted) return;
    isStopping = true;
    // The first Ctrl-C has been told; the next one shall end this process alone.
    process.once("SIGINT", () => {
      report(`The task ${id} may run still: bin/ecs/status shows services alone, the AWS console all tasks.`);
      process.exit(exitCodes.interrupted);
    });
    await stopTask(ecs, cluster, arn);
  };
  while (task.lastStatus !== "STOPPED") {
    await stop();
    await wait(options.interval, undefined, { signal: isStopping ? undefined : signal }).catch(() => {});
    const now = await look((abort) => taskNow(ecs, cluster, arn, abort));
    task = (now instanceof NotSeen ? undefined : now) ?? task;
    if (task.lastStatus !== told && task.lastStatus !== undefined) report(`The task is ${task.lastStatus}`);
    told = task.lastStatus ?? told;
    await printNew();
  }
  for (let silent = 0; silent < silentLooks; silent = (await printNew()) === 0 ? silent + 1 : 0) {
    await wait(options.interval);
  }
  const { exitCode, reason } = endingOf(task, container);
  const result = { task: id, service: name, container, taskDefinition, exitCode, reason };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  if (signal.aborted) {
    report(`The task ${id} is stopped.`);
    process.exitCode = exitCodes.interrupted;
  } else if (exitCode === null) {
    throw new UserError(`The container ${container} of the task ${id} never ran: ${reason}.`);
  } else {
    report(`${shellCommand(words)} ended with ${exitCode}${exitCode === 0 ? "" : `: ${reason}`}`);
    process.exitCode = exitCode;
  }
});
