/** The tasks of a service, and why they stopped. */
import {
  type Container,
  DescribeTasksCommand,
  type DesiredStatus,
  type ECSClient,
  paginateListTasks,
  type Task,
} from "@aws-sdk/client-ecs";
import { lastPart } from "./services";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html takes a hundred at a time. */
const tasksPerCall = 100;

/**
 * @param desiredStatus RUNNING has those that start as well; STOPPED ones are known for an hour
 * @param serviceName @default tasks of every service, and those of none
 */
export async function tasksOf(
  ecs: ECSClient,
  cluster: string,
  desiredStatus: DesiredStatus,
  serviceName?: string,
  abortSignal?: AbortSignal,
): Promise<Task[]> {
  const arns: string[] = [];
  const query = { cluster, desiredStatus, ...(serviceName !== undefined && { serviceName }) };
  for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, query, { abortSignal }))
    arns.push(...taskArns);
  const found: Task[] = [];
  for (let start = 0; start < arns.length; start += tasksPerCall) {
    const some = arns.slice(start, start + tasksPerCall);
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: some }), { abortSignal });
    found.push(...tasks);
  }
  return found;
}

export function taskId({ taskArn = "" }: Task): string {
  return lastPart(taskArn);
}

/** @returns the service's name; undefined for a task that no service started */
export function serviceOf({ group = "" }: Task): string | undefined {
  return group.startsWith("service:") ? group.slice("service:".length) : undefined;
}

/** Healthy ones first, then the newest. */
export function byHealthAndAge(one: Task, other: Task): number {
  const rank = ({ healthStatus }: Task) => (healthStatus === "HEALTHY" ? 0 : healthStatus === "UNHEALTHY" ? 2 : 1);
  return rank(one) - rank(other) || startOf(other) - startOf(one);
}

/** The last that stopped first. */
export function byStop(one: Task, other: Task): number {
  return (other.stoppedAt?.getTime() ?? 0) - (one.stoppedAt?.getTime() ?? 0);
}

function startOf({ startedAt, createdAt }: Task): number {
  return (startedAt ?? createdAt)?.getTime() ?? 0;
}

/**
 * The task's reason, and of each container that ended badly its exit code and reason.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function whyStopped(task: Task): string {
  const reason = [task.stopCode, task.stoppedReason].filter((part) => part !== undefined && part !== "").join(": ");
  const containers = (task.containers ?? []).flatMap(whyContainerStopped);
  return [reason === "" ? "AWS gives no reason" : reason, ...containers].join("; ");
}

function whyContainerStopped({ name, exitCode, reason, healthStatus }: Container): string[] {
  const parts = [
    ...(exitCode !== undefined && exitCode !== 0 ? [`exit code ${exitCode}`] : []),
    ...(reason !== undefined && reason !== "" ? [reason] : []),
    ...(healthStatus === "UNHEALTHY" ? ["unhealthy"] : []),
  ];
  return parts.length === 0 ? [] : [`container ${name}: ${parts.join(", ")}`];
}
