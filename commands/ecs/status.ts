/** Shows what runs: services, deployments, tasks with their health, and images. Changes nothing. */
import { DescribeTaskDefinitionCommand, type ECSClient, type TaskDefinition } from "@aws-sdk/client-ecs";
import { Command } from "commander";
import { table } from "../../lib/table";
import { type AwsOptions, performOnAws, withAwsOptions } from "../../operations/aws";
import { deployedServices, requireServices, serviceNames } from "../../operations/ecs/services";
import { missingService, type ServiceStatus, serviceStatus } from "../../operations/ecs/status";
import { serviceOf, tasksOf } from "../../operations/ecs/tasks";
import { beginEcsSession } from "./session";

const exitNotSteady = 2;

const command = withAwsOptions(
  new Command("bin/ecs/status")
    .description("Shows services, deployments, tasks and images of the cluster. Changes nothing.")
    .argument("[service...]", "only these services (default: all of the cluster and of the settings)")
    .option("--json", "as JSON: {cluster, services}", false),
).addHelpText(
  "after",
  `
Exit codes:
  0  every service is steady: one deployment, completed; all tasks run, and none is unhealthy
  2  a service isn't steady
  1  no report is possible`,
);

async function taskDefinitionsOf(ecs: ECSClient, arns: readonly string[]): Promise<Map<string, TaskDefinition>> {
  const found = new Map<string, TaskDefinition>();
  for (const arn of new Set(arns)) {
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    if (taskDefinition !== undefined) found.set(arn, taskDefinition);
  }
  return found;
}

function print(services: readonly ServiceStatus[]): void {
  const sections: (readonly [readonly string[], readonly (readonly string[])[]])[] = [
    [
      ["SERVICE", "STEADY", "DESIRED", "RUNNING", "PENDING", "HEALTH"],
      services.map((one) => [
        one.name,
        one.steady ? "yes" : "no",
        ...[one.desired, one.running, one.pending].map(String),
        healthOf(one),
      ]),
    ],
    [
      ["SERVICE", "DEPLOYMENT", "STATUS", "ROLLOUT", "TASK DEFINITION", "RUNNING", "FAILED", "SINCE"],
      services.flatMap(({ name, deployments }) =>
        deployments.map((one) => [
          name,
          one.id,
          one.status,
          one.rolloutState ?? "-",
          one.taskDefinition,
          `${one.running}/${one.desired}`,
          String(one.failed),
          one.since ?? "-",
        ]),
      ),
    ],
    [
      ["SERVICE", "TASK", "STATUS", "HEALTH", "TASK DEFINITION", "SINCE"],
      services.flatMap(({ name, tasks }) =>
        tasks.map((one) => [name, one.id, one.lastStatus, one.health, one.taskDefinition, one.since ?? "-"]),
      ),
    ],
    [["TASK DEFINITION", "CONTAINER", "IMAGE"], imageRows(services)],
  ];
  console.log(sections.flatMap(([head, rows]) => (rows.length === 0 ? [] : [table(head, rows)])).join("\n\n"));
  const unsteady = services.filter(({ steady }) => !steady);
  console.log(unsteady.length === 0 ? "\nEvery service is steady." : "");
  for (const { name, reasons } of unsteady) console.log(`${name} isn't steady: ${reasons.join("; ")}.`);
  for (const { deployments } of services) {
    for (const { id, rolloutState, rolloutStateReason } of deployments) {
      if (rolloutState === "FAILED" && rolloutStateReason !== null) console.log(`  ${id}: ${rolloutStateReason}`);
    }
  }
}

function healthOf({ tasks }: ServiceStatus): string {
  const counts = ["HEALTHY", "UNHEALTHY", "UNKNOWN"].map(
    (health) => [tasks.filter((task) => task.health === health).length, health.toLowerCase()] as const,
  );
  const told = counts.filter(([count]) => count > 0).map(([count, health]) => `${count} ${health}`);
  return told.length === 0 ? "-" : told.join(", ");
}

function imageRows(services: readonly ServiceStatus[]): string[][] {
  const rows = services
    .flatMap(({ deployments }) => deployments)
    .flatMap(({ taskDefinition, images }) =>
      Object.entries(images).map(([container, image]) => [taskDefinition, container, image]),
    );
  return [...new Map(rows.map((row) => [row.join(" "), row])).values()];
}

performOnAws(async () => {
  const options = command.parse().opts<AwsOptions & { json: boolean }>();
  const { ecs, cluster, declared } = beginEcsSession(options);
  const named = [...new Set(command.args)];
  const names = named.length > 0 ? named : [...new Set([...declared, ...(await serviceNames(ecs, cluster))])];
  const services =
    named.length > 0
      ? await requireServices(ecs, cluster, names, declared)
      : await deployedServices(ecs, cluster, names);
  const tasks = await tasksOf(ecs, cluster, "RUNNING");
  const taskDefinitions = await taskDefinitionsOf(
    ecs,
    services.flatMap(({ deployments = [] }) => deployments.flatMap(({ taskDefinition }) => taskDefinition ?? [])),
  );
  const statuses = names.map((name) => {
    const service = services.find(({ serviceName }) => serviceName === name);
    if (service === undefined) return missingService(name);
    const own = tasks.filter((task) => serviceOf(task) === name);
    return serviceStatus(service, own, taskDefinitions);
  });
  if (options.json) console.log(JSON.stringify({ cluster, services: statuses }, null, 2));
  else print(statuses);
  if (statuses.some(({ steady }) => !steady)) process.exitCode = exitNotSteady;
});
