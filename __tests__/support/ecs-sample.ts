/** Answers of ECS for tests: a service, its deployments and tasks, as plain as the API allows. */
import { standInAccount, standInRegion } from "./ecs-stand-in";

const arn = (rest: string) => `arn:aws:ecs:${standInRegion}:${standInAccount}:${rest}`;

/** Seconds since 1970, as the protocol has times. */
export const startOfSample = 1_700_000_000;

export const taskDefinitionArn = (family: string, revision: number) => arn(`task-definition/${family}:${revision}`);
export const serviceArn = (name: string) => arn(`service/cruddur/${name}`);
export const taskArn = (id: string) => arn(`task/cruddur/${id}`);

export function deployment(id: string, more: object = {}) {
  return {
    id: `ecs-svc/${id}`,
    status: "PRIMARY",
    taskDefinition: taskDefinitionArn("backend-flask", 7),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: "COMPLETED",
    rolloutStateReason: `ECS deployment ecs-svc/${id} completed.`,
    createdAt: startOfSample,
    ...more,
  };
}

export function service(name: string, more: object = {}) {
  return {
    serviceName: name,
    serviceArn: serviceArn(name),
    status: "ACTIVE",
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    enableExecuteCommand: true,
    deployments: [deployment("1")],
    events: [],
    ...more,
  };
}

export function task(id: string, serviceName: string, more: object = {}) {
  return {
    taskArn: taskArn(id),
    group: `service:${serviceName}`,
    startedBy: "ecs-svc/1",
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    healthStatus: "HEALTHY",
    enableExecuteCommand: true,
    taskDefinitionArn: taskDefinitionArn(serviceName, 7),
    startedAt: startOfSample,
    containers: [container(serviceName), container("envoy")],
    ...more,
  };
}

export function container(name: string, more: object = {}) {
  return {
    name,
    lastStatus: "RUNNING",
    healthStatus: "HEALTHY",
    image: name,
    runtimeId: `runtime-of-${name}`,
    managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }],
    ...more,
  };
}

/** Answers of ListTasks and DescribeTasks over some tasks. */
export function taskAnswers(tasks: readonly ReturnType<typeof task>[]) {
  return {
    list: ({ desiredStatus, serviceName }: Record<string, unknown>) => ({
      taskArns: tasks
        .filter((one) => one.desiredStatus === desiredStatus)
        .filter((one) => serviceName === undefined || one.group === `service:${serviceName}`)
        .map((one) => one.taskArn),
    }),
    describe: ({ tasks: arns }: Record<string, unknown>) => ({
      tasks: tasks.filter((one) => (arns as string[]).includes(one.taskArn)),
      failures: [],
    }),
  };
}

/** Answers of DescribeServices over some services. */
export function serviceAnswer(services: readonly ReturnType<typeof service>[]) {
  return ({ services: names }: Record<string, unknown>) => ({
    services: services.filter(({ serviceName }) => (names as string[]).includes(serviceName)),
    failures: [],
  });
}
