/** A task beside a service: the service's task definition, network and launch type, with a command of its own. */
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Service,
  StopTaskCommand,
  type Task,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { suggestion } from "../../lib/nearest";
import { shown, UserError } from "../../lib/user-error";
import { lastPart } from "./services";
import { taskId, whyStopped } from "./tasks";

/** How AWS shows who began the task. */
const startedBy = "bin/ecs/run";

export interface OneOff {
  readonly input: RunTaskCommandInput;
  /** Name of the container that runs the command. */
  readonly container: string;
  /** `FAMILY:REVISION` */
  readonly taskDefinition: string;
  /** Where the container writes its log; undefined where that isn't CloudWatch. */
  readonly log?: { readonly group: string; readonly region?: string; readonly prefix: string };
}

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 * @param containerName @default the one that is named like the service, or else the first
 */
export async function oneOffOf(
  ecs: ECSClient,
  cluster: string,
  service: Service,
  { containerName, command }: { readonly containerName?: string; readonly command: readonly string[] },
): Promise<OneOff> {
  const { taskDefinition: arn = "", serviceName = "" } = service;
  const { taskDefinition = {} } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const container = containerOf(taskDefinition, serviceName, containerName);
  const { name = "", logConfiguration } = container;
  const {
    "awslogs-group": group,
    "awslogs-region": region,
    "awslogs-stream-prefix": prefix,
  } = logConfiguration?.logDriver === "awslogs" ? (logConfiguration.options ?? {}) : {};
  const [newest] = service.deployments ?? [];
  const { launchType, capacityProviderStrategy = [], platformVersion } = service;
  const networkConfiguration = service.networkConfiguration ?? newest?.networkConfiguration;
  const hasStrategy = capacityProviderStrategy.length > 0;
  return {
    input: {
      cluster,
      taskDefinition: arn,
      count: 1,
      startedBy,
      // AWS takes one of the two.
      ...(hasStrategy ? { capacityProviderStrategy } : launchType !== undefined && { launchType }),
      ...(platformVersion !== undefined && { platformVersion }),
      ...(networkConfiguration !== undefined && { networkConfiguration }),
      enableExecuteCommand: service.enableExecuteCommand ?? false,
      overrides: { containerOverrides: [{ name, command: [...command] }] },
    },
    container: name,
    taskDefinition: lastPart(arn),
    ...(group !== undefined && prefix !== undefined && { log: { group, region, prefix } }),
  };
}

function containerOf(
  { containerDefinitions = [] }: TaskDefinition,
  service: string,
  wanted: string | undefined,
): ContainerDefinition {
  const [first] = containerDefinitions;
  const found = containerDefinitions.find(({ name }) => name === (wanted ?? service));
  if (found !== undefined) return found;
  const names = containerDefinitions.map(({ name = "" }) => name);
  if (wanted !== undefined || first === undefined) {
    const hint = suggestion(wanted ?? "", names, `it has ${names.join(", ")}.`);
    throw new UserError(`The task definition of ${service} has no container ${shown(wanted ?? service)}: ${hint}`);
  }
  return first;
}

/** @throws UserError with AWS's reasons, where it starts none */
export async function startTask(ecs: ECSClient, { input }: OneOff): Promise<Task> {
  const { tasks = [], failures = [] } = await ecs.send(new RunTaskCommand(input));
  const [task] = tasks;
  if (task !== undefined) return task;
  const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  throw new UserError(
    `AWS started no task: ${reasons.length === 0 ? "it gives no reason" : reasons.join("; ")}. Nothing runs.`,
  );
}

/** @returns undefined while AWS doesn't tell yet of a task that it has just started */
export async function taskNow(
  ecs: ECSClient,
  cluster: string,
  arn: string,
  abortSignal?: AbortSignal,
): Promise<Task | undefined> {
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }), { abortSignal });
  return tasks[0];
}

export async function stopTask(ecs: ECSClient, cluster: string, task: string): Promise<void> {
  await ecs.send(new StopTaskCommand({ cluster, task, reason: `${startedBy} was interrupted` }));
}

export interface Ending {
  /** Of the command; null where the container never ran. */
  readonly exitCode: number | null;
  /** What AWS says of the task's end. */
  readonly reason: string;
}

export function endingOf(task: Task, container: string): Ending {
  const { exitCode } = task.containers?.find(({ name }) => name === container) ?? {};
  return { exitCode: exitCode ?? null, reason: whyStopped(task) };
}

export { taskId };
