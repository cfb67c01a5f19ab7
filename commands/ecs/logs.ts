/** Prints what the containers of services have written, and goes on with it. */
import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Option } from "commander";
import { suggestion } from "../../lib/nearest";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import type { AwsOptions } from "../../operations/aws";
import { type LogLine, LogReader, servicesOfStream, streamPrefixes } from "../../operations/ecs/logs";
import { serviceOf, taskId, tasksOf } from "../../operations/ecs/tasks";
import { placeOf } from "../../operations/place";
import { seen } from "../../operations/waiting";
import { servicesOf } from "../../services";
import { awsNamesOf } from "../../services/aws-names";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { durationOption, type JsonOption, withJson } from "../shared/options";
import { beginEcsSession, type EcsSession } from "./session";

interface Options extends AwsOptions, JsonOption {
  readonly container?: string;
  readonly since: number;
  readonly follow?: boolean;
  readonly filter?: string;
  readonly grep?: RegExp;
}

const pollMs = 2_000;

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UserError(`--grep is ${shown(text)}: ${(error as Error).message}. Give a regular expression.`);
  }
}

const command = withAwsOptions(
  withJson(
    newCommand(
      "bin/ecs/logs",
      "Prints what the containers of a service have written: time, container, task, text. Without a service it follows all of them, each line with its service.",
      { done: "done; after Ctrl-C, too, where it follows" },
    )
      .argument("[service]", "a service of the settings (default: everything in the cluster's log group)")
      .option("--container <name>", "only this container (default: all)")
      .addOption(durationOption("--since <duration>", "how far back to start: 30s, 10m, 2h", "10m"))
      .addOption(new Option("--follow", "keep printing new lines until Ctrl-C (default without a service)"))
      .addOption(new Option("--no-follow", "end with what is there (default with a service)").default(undefined))
      .option("--filter <pattern>", "only what matches, in CloudWatch's filter syntax")
      .addOption(new Option("--grep <regexp>", "only lines that match this regular expression").argParser(pattern)),
    "a line each: {time, service, container, task, message}",
  ),
);

function noSuch(what: string, name: string, known: readonly string[]): UserError {
  return new UserError(
    `There is no ${what} ${shown(name)}: ${suggestion(name, known, `there are ${known.join(", ")}`)}`,
  );
}

/**
 * Tells the service of a line: by its stream, and where several services have that sidecar, by ECS, which knows tasks until an
 * hour after their end.
 */
function serviceFinder({ ecs, cluster, settings }: EcsSession): (line: LogLine) => Promise<string> {
  const services = servicesOf(settings);
  const byTask = new Map<string, string>();
  const learn = async () => {
    for (const status of ["RUNNING", "STOPPED"] as const) {
      for (const task of await tasksOf(ecs, cluster, status)) byTask.set(taskId(task), serviceOf(task) ?? "");
    }
  };
  return async ({ stream, task }) => {
    const candidates = servicesOfStream(services, stream);
    const [only, other] = candidates;
    if (only !== undefined && other === undefined) return only;
    if (!byTask.has(task)) {
      await learn();
      if (!byTask.has(task)) byTask.set(task, "");
    }
    return byTask.get(task) || candidates.join("|") || "-";
  };
}

// Who reads no longer (`| head`) has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

performOnAws<Options>(command, async (options, [name]) => {
  const session = beginEcsSession(options);
  const services = servicesOf(session.settings);
  const service = services.find((one) => one.name === name);
  const names = services.map((one) => one.name);
  if (name !== undefined && service === undefined) throw noSuch("service", name, names);
  const containers = (service === undefined ? services : [service]).flatMap((one) => one.containers);
  const { container, grep, json, since } = options;
  const known = containers.map((one) => one.name);
  if (container !== undefined && !known.includes(container)) {
    throw noSuch(`container${name === undefined ? "" : ` of ${name}`},`, container, known);
  }
  const { logGroup: logGroupName } = awsNamesOf(session.settings.environment);
  const query = {
    logGroupName,
    streamPrefixes: service && streamPrefixes(service, container),
    filterPattern: options.filter,
  };
  const client = new CloudWatchLogsClient(session.config);
  const reader = new LogReader(client, query, Date.now() - since);
  const find = service === undefined ? serviceFinder(session) : async () => service.name;
  const isWanted = (line: LogLine) =>
    (container === undefined || line.container === container) && (grep === undefined || grep.test(line.message));
  const look = async (signal?: AbortSignal) => {
    const lines = await reader.next(Date.now(), signal).catch(async (error: Error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
      throw new UserError(
        `There is no log group ${logGroupName} (${await placeOf(client)}): deploy the app stack, or name another --region or --profile.`,
      );
    });
    const wanted = lines.filter(isWanted);
    for (const line of wanted) {
      const { time, task, message, container: of } = line;
      const whose = await find(line);
      const start = service === undefined ? `${time} ${whose} ` : `${time} `;
      const text = json
        ? JSON.stringify({ time, service: whose, container: of, task, message })
        : `${start}${of}/${task.slice(0, 8)} ${message}`;
      process.stdout.write(`${text}\n`);
    }
    return wanted.length;
  };
  const follow = options.follow ?? service === undefined;
  if (follow) process.on("SIGINT", () => process.exit(0));
  // Who follows waits, and has time.
  const following = { intervalMs: pollMs, report };
  const count = follow ? await seen(look, following) : await look();
  if (!follow && count === 0) {
    process.stderr.write(
      `${name ?? "No service"} has written ${name === undefined ? "anything" : "nothing"}${grep || options.filter ? " that matches" : ""} since ${new Date(Date.now() - since).toISOString()}: look further back with --since.\n`,
    );
  }
  while (follow) {
    await wait(pollMs);
    await seen(look, following);
  }
});
