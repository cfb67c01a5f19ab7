/** What runs of a service, and whether it is as it shall be. */
import type { Deployment, Service, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import { lastPart } from "./services";
import type { TargetGroupStatus, TargetsAnswer } from "./targets";
import { taskId } from "./tasks";

export interface ServiceStatus {
  readonly name: string;
  /** ACTIVE or DRAINING, as ECS has it; null where the cluster doesn't have the service. */
  readonly status: string | null;
  readonly steady: boolean;
  /** Why it isn't steady, as sentences without a full stop; empty where it is. */
  readonly reasons: readonly string[];
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly executeCommand: boolean;
  readonly deployments: readonly DeploymentStatus[];
  readonly tasks: readonly TaskStatus[];
  readonly targetGroups: readonly TargetGroupStatus[];
  /** Why the load balancer's view isn't known; null where it is. */
  readonly targetGroupsUnknown: string | null;
  /** The newest of the service's events. */
  readonly lastEvent: { readonly message: string; readonly time: string | null } | null;
}

export interface DeploymentStatus {
  readonly id: string;
  /** PRIMARY is the newest; ACTIVE still has tasks. */
  readonly status: string;
  /** COMPLETED, IN_PROGRESS or FAILED. */
  readonly rolloutState: string | null;
  readonly rolloutStateReason: string | null;
  /** `FAMILY:REVISION` */
  readonly taskDefinition: string;
  /** Container to image, as the task definition names it. */
  readonly images: Readonly<Record<string, string>>;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  /** ISO 8601. */
  readonly since: string | null;
}

export interface TaskStatus {
  readonly id: string;
  readonly lastStatus: string;
  /** HEALTHY, UNHEALTHY, or UNKNOWN where no container has a health check, or none has passed yet. */
  readonly health: string;
  readonly taskDefinition: string;
  readonly since: string | null;
  readonly containers: readonly {
    readonly name: string;
    readonly lastStatus: string;
    readonly health: string;
    readonly image: string;
    readonly imageDigest: string | null;
  }[];
}

export function serviceStatus(
  service: Service,
  tasks: readonly Task[],
  taskDefinitions: ReadonlyMap<string, TaskDefinition>,
  targets: TargetsAnswer,
): ServiceStatus {
  const targetGroups = typeof targets === "string" ? [] : targets;
  const reasons = [...unsteadyReasons(service, tasks), ...unhealthyTargets(targetGroups)];
  return {
    name: service.serviceName ?? "",
    status: service.status ?? null,
    steady: reasons.length === 0,
    reasons,
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    executeCommand: service.enableExecuteCommand ?? false,
    deployments: (service.deployments ?? []).map((deployment) => deploymentStatus(deployment, taskDefinitions)),
    tasks: tasks.map(taskStatus),
    targetGroups,
    targetGroupsUnknown: typeof targets === "string" ? targets : null,
    lastEvent: lastEvent(service),
  };
}

/** A service of the settings that the cluster doesn't have. */
export function missingService(name: string): ServiceStatus {
  const none = { desired: 0, running: 0, pending: 0, executeCommand: false, deployments: [], tasks: [] };
  const unseen = { targetGroups: [], targetGroupsUnknown: null, lastEvent: null };
  return { name, status: null, steady: false, reasons: ["it is not deployed"], ...none, ...unseen };
}

/** AWS gives the newest first. */
function lastEvent({ serviceName, events: [newest] = [] }: Service): ServiceStatus["lastEvent"] {
  if (newest?.message === undefined) return null;
  const message = newest.message.replace(`(service ${serviceName}) `, "");
  return { message, time: newest.createdAt?.toISOString() ?? null };
}

function unhealthyTargets(groups: readonly TargetGroupStatus[]): string[] {
  return groups.flatMap(({ targets }) =>
    targets
      .filter(({ state }) => state === "unhealthy")
      .map(({ target, reason }) => `the target ${target} is unhealthy${reason === null ? "" : ` (${reason})`}`),
  );
}

function unsteadyReasons(service: Service, tasks: readonly Task[]): string[] {
  const { status, desiredCount = 0, runningCount = 0, pendingCount = 0, deployments = [] } = service;
  const unhealthy = tasks.filter(({ healthStatus }) => healthStatus === "UNHEALTHY").map(taskId);
  const unfinished = deployments.filter(({ rolloutState = "COMPLETED" }) => rolloutState !== "COMPLETED");
  return [
    ...(status === "ACTIVE" ? [] : [`its status is ${status}`]),
    ...(runningCount === desiredCount ? [] : [`${runningCount} of ${desiredCount} tasks run`]),
    ...(pendingCount === 0 ? [] : [`${pendingCount} ${pendingCount === 1 ? "task is" : "tasks are"} pending`]),
    ...(deployments.length > 1 ? [`${deployments.length} deployments have tasks`] : []),
    ...unfinished.map(({ id, rolloutState }) => `the deployment ${id} is ${rolloutState}`),
    ...unhealthy.map((id) => `the task ${id} is unhealthy`),
  ];
}

function deploymentStatus(
  { taskDefinition = "", ...deployment }: Deployment,
  taskDefinitions: ReadonlyMap<string, TaskDefinition>,
): DeploymentStatus {
  const containers = taskDefinitions.get(taskDefinition)?.containerDefinitions ?? [];
  return {
    id: deployment.id ?? "",
    status: deployment.status ?? "",
    rolloutState: deployment.rolloutState ?? null,
    rolloutStateReason: deployment.rolloutStateReason ?? null,
    taskDefinition: lastPart(taskDefinition),
    images: Object.fromEntries(containers.map(({ name = "", image = "" }) => [name, image])),
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failed: deployment.failedTasks ?? 0,
    since: deployment.createdAt?.toISOString() ?? null,
  };
}

function taskStatus(task: Task): TaskStatus {
  return {
    id: taskId(task),
    lastStatus: task.lastStatus ?? "",
    health: task.healthStatus ?? "UNKNOWN",
    taskDefinition: lastPart(task.taskDefinitionArn ?? ""),
    since: (task.startedAt ?? task.createdAt)?.toISOString() ?? null,
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? "",
      lastStatus: container.lastStatus ?? "",
      health: container.healthStatus ?? "UNKNOWN",
      image: container.image ?? "",
      imageDigest: container.imageDigest ?? null,
    })),
  };
}
