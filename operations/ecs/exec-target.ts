/** Which container of which task a command shall run in, and whether it can. */
import type { ECSClient, Task } from "@aws-sdk/client-ecs";
import { suggestion } from "../../lib/nearest";
import { printable } from "../../lib/printable";
import { shown, UserError } from "../../lib/user-error";
import { clusterIn, deployedServices, noSuchService, serviceNames } from "./services";
import { byHealthAndAge, byStop, serviceOf, taskId, tasksOf, whyStopped } from "./tasks";

export interface ExecTarget {
  readonly cluster: string;
  readonly taskId: string;
  readonly taskArn: string;
  readonly container: string;
  readonly runtimeId: string;
  /** The service that the task is of, if any. */
  readonly service?: string;
}

const enabling =
  'set enableExecuteCommand on the service ("aws ecs update-service --enable-execute-command --force-new-deployment", or deploy the app stack, which sets it unless the hardening step readOnlyRoot is taken), and take a task that started after that';

/** A task's id is 32 hexadecimal digits, older ones are UUIDs. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html */
function couldBeTask(name: string): boolean {
  return /^arn:/.test(name) || /^[0-9a-f][0-9a-f-]{3,}$/.test(name);
}

/**
 * @param name a service, or a task by id, ARN or unique beginning of its id
 * @throws UserError where there is no such task, or none that runs
 */
export async function findTask(
  ecs: ECSClient,
  cluster: string,
  name: string,
  declared: readonly string[],
): Promise<Task> {
  const [service] = name.startsWith("arn:") ? [] : await deployedServices(ecs, cluster, [name]);
  if (service === undefined) {
    if (couldBeTask(name)) return await taskNamed(ecs, cluster, name);
    throw noSuchService(name, await clusterIn(ecs, cluster), await serviceNames(ecs, cluster), declared);
  }
  const tasks = await tasksOf(ecs, cluster, "RUNNING", name);
  const [best] = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").sort(byHealthAndAge);
  if (best !== undefined) return best;
  const [last] = (await tasksOf(ecs, cluster, "STOPPED", name)).sort(byStop);
  const why = last === undefined ? "" : `; the last one, ${taskId(last)}, stopped: ${printable(whyStopped(last))}`;
  const { desiredCount = 0, pendingCount = 0 } = service;
  throw new UserError(
    `No task of the service ${name} is running (${desiredCount} desired, ${pendingCount} pending${why}): check it with "bin/ecs/status ${name}".`,
  );
}

async function taskNamed(ecs: ECSClient, cluster: string, name: string): Promise<Task> {
  const start = name.slice(name.lastIndexOf("/") + 1);
  const running = await tasksOf(ecs, cluster, "RUNNING");
  const found = running.filter((task) => taskId(task).startsWith(start));
  const [task, other] = found;
  if (other !== undefined) {
    throw new UserError(
      `${shown(name)} begins the ids of ${found.length} tasks (${found.map(taskId).join(", ")}): give more of it.`,
    );
  }
  if (task === undefined) {
    const list = running.map((one) => `${taskId(one)} (${serviceOf(one) ?? "no service"})`);
    throw new UserError(
      `No running task in the cluster ${cluster} has the id ${shown(name)}: ${list.length === 0 ? "no task is running" : `running are ${list.join(", ")}`}.`,
    );
  }
  if (task.lastStatus !== "RUNNING") {
    throw new UserError(`The task ${taskId(task)} is ${task.lastStatus}: wait until it is RUNNING.`);
  }
  return task;
}

/** @throws UserError where the task has no such container, or where a command can't be run in it */
export function execTarget(task: Task, cluster: string, containerName: string): ExecTarget {
  const id = taskId(task);
  const service = serviceOf(task);
  const whose = service === undefined ? "" : ` of ${service}`;
  const containers = task.containers ?? [];
  const container = containers.find(({ name }) => name === containerName);
  if (container === undefined) {
    const known = containers.map(({ name = "" }) => name);
    const hint = suggestion(containerName, known, `it has ${known.join(", ")}.`);
    throw new UserError(`The task ${id}${whose} has no container ${shown(containerName)}: ${hint}`);
  }
  if (task.enableExecuteCommand !== true) {
    throw new UserError(`ECS Exec is disabled for the task ${id}${whose}: ${enabling}.`);
  }
  if (container.lastStatus !== undefined && container.lastStatus !== "RUNNING") {
    throw new UserError(
      `The container ${containerName} of the task ${id}${whose} is ${container.lastStatus}: it must be RUNNING.`,
    );
  }
  const agent = container.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
  if (agent !== undefined && agent.lastStatus !== "RUNNING") {
    const reason = agent.reason === undefined || agent.reason === "" ? "" : ` (${printable(agent.reason)})`;
    throw new UserError(
      `The ExecuteCommandAgent of the container ${containerName} in the task ${id}${whose} is ${agent.lastStatus}${reason}: wait a little if the task has just started; else see that its task role has the four ssmmessages permissions and that the task reaches Systems Manager.`,
    );
  }
  if (container.runtimeId === undefined) {
    throw new UserError(
      `AWS gives no runtime id of the container ${containerName} in the task ${id}${whose}: try again.`,
    );
  }
  return {
    cluster,
    taskId: id,
    taskArn: task.taskArn ?? id,
    container: containerName,
    runtimeId: container.runtimeId,
    ...(service !== undefined && { service }),
  };
}
