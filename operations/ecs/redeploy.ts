/** Begins a new deployment of a service with the task definition that it has, and follows it to its end. */
import { setTimeout as wait } from "node:timers/promises";
import { type ECSClient, type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { UserError } from "../../lib/user-error";
import { begunRollout, newEvents, observe, type Rollout } from "./rollout";
import { deployedServices } from "./services";
import { taskId, tasksOf, whyStopped } from "./tasks";

export interface Outcome {
  readonly service: string;
  readonly deployment: string;
  readonly taskDefinition: string;
  /** `begun` when nobody waited. */
  readonly outcome: "begun" | "steady" | "failed" | "timed out";
  /** Why it failed; null otherwise. */
  readonly reason: string | null;
  /** Why tasks of this deployment stopped, by task id. */
  readonly stoppedTasks: Readonly<Record<string, string>>;
}

export interface FollowOptions {
  readonly timeoutMs: number;
  /** Time between two looks. */
  readonly intervalMs: number;
  readonly report: (line: string) => void;
}

/**
 * The new tasks pull their images anew, which is what a pushed tag waits for.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (forceNewDeployment)
 */
export async function beginRedeploy(ecs: ECSClient, cluster: string, service: string) {
  const updated = await ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
  const rollout = updated.service && begunRollout(updated.service);
  if (updated.service === undefined || rollout === undefined) {
    throw new UserError(`AWS began no deployment of ${service} that it names: look at it with bin/ecs/status.`);
  }
  return { rollout, service: updated.service };
}

export function begunOutcome({ service, deploymentId, taskDefinition }: Rollout): Outcome {
  return { service, deployment: deploymentId, taskDefinition, outcome: "begun", reason: null, stoppedTasks: {} };
}

/** Waits until the deployment is through or has failed, and tells what happens meanwhile, each thing once. */
export async function followRollout(
  ecs: ECSClient,
  cluster: string,
  { rollout, service: before }: { readonly rollout: Rollout; readonly service: Service },
  { timeoutMs, intervalMs, report }: FollowOptions,
): Promise<Outcome> {
  const { service: name, deploymentId } = rollout;
  const say = (line: string) => report(`${name}: ${line}`);
  const told = new Set((before.events ?? []).map(({ id = "" }) => id));
  const stoppedTasks: Record<string, string> = {};
  const deadline = Date.now() + timeoutMs;
  let lastCounts = "";
  for (;;) {
    const [service] = await deployedServices(ecs, cluster, [name]);
    const stopped = service === undefined ? [] : await tasksOf(ecs, cluster, "STOPPED", name);
    for (const { id = "", message = "" } of service === undefined ? [] : newEvents(service, told)) {
      told.add(id);
      say(message.replace(`(service ${name}) `, ""));
    }
    for (const task of stopped.filter(({ startedBy }) => startedBy === deploymentId)) {
      if (stoppedTasks[taskId(task)] !== undefined) continue;
      stoppedTasks[taskId(task)] = whyStopped(task);
      say(`task ${taskId(task)} stopped: ${whyStopped(task)}`);
    }
    const seen = observe(rollout, service);
    if (seen.counts !== lastCounts && seen.counts !== "") say(seen.counts);
    lastCounts = seen.counts;
    if (seen.state === "steady") return { ...begunOutcome(rollout), outcome: "steady", stoppedTasks };
    if (seen.state === "failed") {
      return { ...begunOutcome(rollout), outcome: "failed", reason: seen.reason, stoppedTasks };
    }
    if (Date.now() >= deadline) return { ...begunOutcome(rollout), outcome: "timed out", stoppedTasks };
    await wait(Math.min(intervalMs, Math.max(deadline - Date.now(), 0)));
  }
}
