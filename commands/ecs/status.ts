/** Shows what runs: services with their URLs, deployments, tasks and images. Changes nothing. */
import type { AwsOptions } from "../../operations/aws";
import { statusText } from "../../operations/ecs/status-text";
import { StatusReader } from "../../operations/ecs/statuses";
import { TargetReader } from "../../operations/ecs/targets";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { durationOption, type JsonOption, withJson } from "../shared/options";
import { beginEcsSession } from "./session";
import { synthesizedServices } from "./synthesized";
import { watch } from "./watching";

interface Options extends AwsOptions, JsonOption {
  readonly watch: boolean;
  readonly interval: number;
}

const command = withAwsOptions(
  withJson(
    newCommand(
      "bin/ecs/status",
      "Shows the services of the cluster: URLs, health, deployments, images, tasks and the last event. Changes nothing.",
      {
        done: "every service is steady: one deployment, completed; all tasks run, and no task or target is unhealthy; after Ctrl-C under --watch, too",
        failed: "no report is possible: the error says why",
        differs: "a service isn't steady",
      },
    )
      .argument("[service...]", "only these services (default: all of the stacks and of the cluster)")
      .option("--watch", "look again until Ctrl-C: redraws a terminal; in a pipe prints what has changed", false)
      .addOption(durationOption("--interval <duration>", "time between two looks of --watch", "5s")),
    "{cluster, services}; with --watch a line for each change",
  ),
);

performOnAws<Options>(command, async (options, given) => {
  const session = beginEcsSession(options);
  const { ecs, cluster, config } = session;
  const reader = new StatusReader(ecs, new TargetReader(config), cluster, synthesizedServices(session));
  const look = () => reader.read(given);
  if (options.watch) {
    const line = options.json ? { line: (services: unknown) => JSON.stringify({ cluster, services }) } : {};
    await watch({ look, text: statusText, intervalMs: options.interval, ...line });
    // A look may still be under way.
    process.exit(exitCodes.done);
  }
  const services = await look();
  console.log(options.json ? JSON.stringify({ cluster, services }, null, 2) : statusText(services));
  if (services.some(({ steady }) => !steady)) process.exitCode = exitCodes.differs;
});
