/** Begins a new deployment of a service with the task definition that it has, and follows it to its end. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type ECSClient,
  type Service,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { printable } from "../../lib/printable";
import { UserError } from "../../lib/user-error";
import { NotSeen, seen } from "../waiting";
import { begunRollout, newEvents, observe, type Rollout } from "./rollout";
import { deployedServices } from "./services";
import { taskId, tasksOf, whyStopped } from "./tasks";

export interface Outcome {
  readonly service: string;
  readonly deployment: string;
  readonly taskDefinition: string;
  /** `begun` when nobody waited. */
  readonly outcome: "begun" | "steady" | "failed" | "timed out";
  /** Why it failed, or what kept the last look from seeing anything; null otherwise. */
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
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 * @throws UserError where AWS names no deployment
 */
export async function beginUpdate(
  ecs: ECSClient,
  cluster: string,
  service: string,
  update: Partial<UpdateServiceCommandInput>,
) {
  const updated = await ecs.send(new UpdateServiceCommand({ ...update, cluster, service }));
  const rollout = updated.service && begunRollout(updated.service);
  if (updated.service === undefined || rollout === undefined) {
    throw new UserError(`AWS began no deployment of ${service} that it names: check it with bin/ecs/status.`);
  }
  return { rollout, service: updated.service };
}

/** The new tasks pull their images anew, which is what a pushed tag waits for. */
export function beginRedeploy(ecs: ECSClient, cluster: string, service: string) {
  return beginUpdate(ecs, cluster, service, { forceNewDeployment: true });
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
  const say = (line: string) => report(printable(`${name}: ${line}`));
  const told = new Set((before.events ?? []).map(({ id = "" }) => id));
  const stoppedTasks: Record<string, string> = {};
  const deadline = Date.now() + timeoutMs;
  let lastCounts = "";
  let isMissed = false;
  const look = async (signal: AbortSignal) => {
    const [service] = await deployedServices(ecs, cluster, [name], signal);
    return { service, stopped: service === undefined ? [] : await tasksOf(ecs, cluster, "STOPPED", name, signal) };
  };
  for (;;) {
    const found = await seen(look, { deadline, intervalMs, report: say });
    if (found instanceof NotSeen)
      return { ...begunOutcome(rollout), outcome: "timed out", reason: found.reason, stoppedTasks };
    const { service, stopped } = found;
    for (const { id = "", message = "" } of service === undefined ? [] : newEvents(service, told)) {
      told.add(id);
      say(message.replace(`(service ${name}) `, ""));
    }
    for (const task of stopped.filter(({ startedBy }) => startedBy === deploymentId)) {
      if (stoppedTasks[taskId(task)] !== undefined) continue;
      stoppedTasks[taskId(task)] = whyStopped(task);
      say(`task ${taskId(task)} stopped: ${whyStopped(task)}`);
    }
    const observed = observe(rollout, service);
    if (observed.counts !== lastCounts && observed.counts !== "") say(observed.counts);
    lastCounts = observed.counts;
    // One answer without the service may be of before it was told to deploy; two are not.
    const isFirstMiss = service === undefined && !isMissed;
    isMissed = service === undefined;
    if (observed.state === "steady") return { ...begunOutcome(rollout), outcome: "steady", stoppedTasks };
    if (observed.state === "failed" && !isFirstMiss) {
      return { ...begunOutcome(rollout), outcome: "failed", reason: observed.reason, stoppedTasks };
    }
    if (Date.now() >= deadline) return { ...begunOutcome(rollout), outcome: "timed out", stoppedTasks };
    await wait(Math.min(intervalMs, Math.max(deadline - Date.now(), 0)));
  }
}
