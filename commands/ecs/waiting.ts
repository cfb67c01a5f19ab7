/** What the commands share that begin a deployment of one service and wait for it. */
import type { ECSClient, Service, UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { Command } from "commander";
import { report } from "../../lib/report";
import { beginUpdate, begunOutcome, followRollout, type Outcome } from "../../operations/ecs/redeploy";
import { exitCodes } from "../shared/exit-codes";
import { durationOption } from "../shared/options";

export interface WaitingOptions {
  readonly wait: boolean;
  readonly timeout: number;
  readonly interval: number;
}

export function withWaiting(command: Command): Command {
  return command
    .option("--no-wait", "start, and don't wait")
    .addOption(durationOption("--timeout <duration>", "how long to wait: 90s, 15m, 1h", "15m"))
    .addOption(durationOption("--interval <duration>", "time between two checks", "5s"));
}

/**
 * Updates a service, and waits until it is steady. Sets the exit code.
 * @throws UserError where AWS names no deployment
 */
export async function updateAndWait(
  ecs: ECSClient,
  service: Service,
  update: Partial<UpdateServiceCommandInput>,
  { wait, timeout, interval }: WaitingOptions,
): Promise<Outcome> {
  const { clusterArn: cluster = "", serviceName: name = "" } = service;
  const begun = await beginUpdate(ecs, cluster, name, update);
  process.once("SIGINT", () => {
    report(`Interrupted. What was begun goes on in AWS: bin/ecs/status ${name} shows it.`);
    process.exit(exitCodes.interrupted);
  });
  if (!wait) return begunOutcome(begun.rollout);
  const follow = { timeoutMs: timeout, intervalMs: interval, report };
  const outcome = await followRollout(ecs, cluster, begun, follow);
  if (outcome.outcome !== "steady") process.exitCode = exitCodes.unfinished;
  return outcome;
}
