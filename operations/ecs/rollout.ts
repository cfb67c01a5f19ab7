/**
 * A deployment on its way: whether it is through, has failed, or was replaced by another one, such as the circuit
 * breaker's roll-back.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
import type { Deployment, Service, ServiceEvent } from "@aws-sdk/client-ecs";
import { lastPart } from "./services";

/** The deployment that a command began. */
export interface Rollout {
  readonly service: string;
  readonly deploymentId: string;
  /** `FAMILY:REVISION` */
  readonly taskDefinition: string;
  /** When AWS made it; undefined where AWS doesn't say. */
  readonly createdAt?: Date;
}

export type Observation =
  | { readonly state: "in progress"; readonly counts: string }
  | { readonly state: "steady"; readonly counts: string }
  | { readonly state: "failed"; readonly counts: string; readonly reason: string };

/** @returns the newest deployment of a service that was just told to deploy; undefined where AWS names none */
export function begunRollout(service: Service): Rollout | undefined {
  const { id, taskDefinition, createdAt } = primaryOf(service) ?? {};
  if (id === undefined) return undefined;
  return {
    service: service.serviceName ?? "",
    deploymentId: id,
    taskDefinition: lastPart(taskDefinition ?? ""),
    ...(createdAt !== undefined && { createdAt }),
  };
}

function primaryOf({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === "PRIMARY");
}

/** @param service as AWS describes it now; undefined when it is gone */
export function observe(rollout: Rollout, service: Service | undefined): Observation {
  if (service === undefined || service.status !== "ACTIVE") {
    return { state: "failed", counts: "", reason: "the service was deleted" };
  }
  const { deployments = [], desiredCount = 0, runningCount = 0, pendingCount = 0 } = service;
  const own = deployments.find(({ id }) => id === rollout.deploymentId);
  const counts = countsOf(own ?? {}, deployments.length);
  if (own?.rolloutState === "FAILED") {
    const reason = own.rolloutStateReason ?? "AWS gives no reason";
    return { state: "failed", counts, reason: withPrimary(reason, rollout, service) };
  }
  if (own?.status !== "PRIMARY") {
    // What AWS tells may be older than the deployment that it has just made.
    if (own === undefined && !isNewer(primaryOf(service), rollout)) return { state: "in progress", counts };
    return { state: "failed", counts, reason: withPrimary("it was replaced", rollout, service) };
  }
  const completed = (own.rolloutState ?? "COMPLETED") === "COMPLETED" && deployments.length === 1;
  const allRun = runningCount === desiredCount && pendingCount === 0;
  return { state: completed && allRun ? "steady" : "in progress", counts };
}

function isNewer(primary: Deployment | undefined, { createdAt }: Rollout): boolean {
  return primary?.createdAt !== undefined && createdAt !== undefined && primary.createdAt > createdAt;
}

/** Adds to a reason what the service deploys instead. */
function withPrimary(reason: string, rollout: Rollout, service: Service): string {
  const sentence = reason.trim().replace(/\.$/, "");
  const primary = primaryOf(service);
  if (primary === undefined || primary.id === rollout.deploymentId) return sentence;
  const why = primary.rolloutStateReason?.trim().replace(/\.$/, "");
  const revision = lastPart(primary.taskDefinition ?? "");
  return `${sentence}; the service now deploys ${revision} by ${primary.id}${why === undefined ? "" : ` (${why})`}`;
}

function countsOf({ runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0 }: Deployment, all: number) {
  const others = all > 1 ? `, ${all - 1} older ${all === 2 ? "deployment drains" : "deployments drain"}` : "";
  const failed = failedTasks > 0 ? `, ${failedTasks} failed` : "";
  return `${runningCount} of ${desiredCount} new tasks run, ${pendingCount} pending${failed}${others}`;
}

/** Events that weren't told before, oldest first. AWS gives the last hundred, newest first. */
export function newEvents({ events = [] }: Service, told: ReadonlySet<string>): ServiceEvent[] {
  return events.filter(({ id }) => id !== undefined && !told.has(id)).reverse();
}
