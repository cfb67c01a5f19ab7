/** Prints what the containers of a service have written, and goes on with it. */
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Command } from "commander";
import { milliseconds } from "../../lib/duration";
import { suggestion } from "../../lib/nearest";
import { shown, UserError } from "../../lib/user-error";
import { type AwsOptions, clientConfig, performOnAws, withAwsOptions } from "../../operations/aws";
import { type LogLine, LogReader, streamPrefixes } from "../../operations/ecs/logs";
import { servicesOf } from "../../services";
import { logGroupName } from "../../services/names";
import { loadSettings } from "../../settings/load";

interface Options extends AwsOptions {
  readonly container?: string;
  readonly since: string;
  readonly follow: boolean;
  readonly filter?: string;
  readonly json: boolean;
}

const pollMs = 2_000;

const command = withAwsOptions(
  new Command("bin/ecs/logs")
    .description("Prints what the containers of a service have written: time, container, task, text.")
    .argument("<service>", "a service of the settings")
    .option("--container <name>", "only this container (default: all of the service)")
    .option("--since <duration>", "from so long ago: 30s, 10m, 2h", "10m")
    .option("--follow", "go on with what comes, until Ctrl-C", false)
    .option("--filter <pattern>", "only what matches, in CloudWatch's filter syntax")
    .option("--json", "a line of JSON each: {time, container, task, message}", false),
);

function noSuch(what: string, name: string, known: readonly string[]): UserError {
  return new UserError(
    `There is no ${what} ${shown(name)}: ${suggestion(name, known, `there are ${known.join(", ")}`)}`,
  );
}

function printed({ time, container, task, message }: LogLine): string {
  return `${time} ${container}/${task.slice(0, 8)} ${message}`;
}

// Who reads no longer (`| head`) has had enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

performOnAws(async () => {
  const options = command.parse().opts<Options>();
  const [name = ""] = command.args;
  const since = milliseconds(options.since, "--since");
  const services = servicesOf(loadSettings({ directory: resolve(__dirname, "..", "..") }).settings);
  const service = services.find((one) => one.name === name);
  if (service === undefined)
    throw noSuch(
      "service",
      name,
      services.map((one) => one.name),
    );
  const containers = service.containers.map((one) => one.name);
  if (options.container !== undefined && !containers.includes(options.container)) {
    throw noSuch(`container of ${name},`, options.container, containers);
  }
  const query = {
    logGroupName,
    streamPrefixes: streamPrefixes(service, options.container),
    filterPattern: options.filter,
  };
  const reader = new LogReader(new CloudWatchLogsClient(clientConfig(options)), query, Date.now() - since);
  const look = async () => {
    const lines = await reader.next().catch((error: Error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
      throw new UserError(`There is no log group ${logGroupName}: deploy the app stack, or name another --region.`);
    });
    for (const line of lines) process.stdout.write(`${options.json ? JSON.stringify(line) : printed(line)}\n`);
    return lines.length;
  };
  if (options.follow) process.on("SIGINT", () => process.exit(0));
  const count = await look();
  if (!options.follow && count === 0) {
    process.stderr.write(`${name} has written nothing in the last ${options.since}: look further back with --since.\n`);
  }
  while (options.follow) {
    await wait(pollMs);
    await look();
  }
});
