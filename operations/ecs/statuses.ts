/** Asks AWS what runs of the services. */
import { DescribeTaskDefinitionCommand, type ECSClient, type Task, type TaskDefinition } from "@aws-sdk/client-ecs";
import { type ProjectService, projectServices } from "./project-services";
import { clusterIn, lastPart, noSuchService } from "./services";
import { missingService, type ServiceStatus, serviceStatus } from "./status";
import type { SynthesizedService } from "./synthesized-services";
import type { TargetReader } from "./targets";
import { serviceOf, tasksOf } from "./tasks";

export class StatusReader {
  /** A revision never changes. */
  private readonly taskDefinitions = new Map<string, TaskDefinition>();

  /** @param cluster the project's */
  constructor(
    private readonly ecs: ECSClient,
    private readonly targets: TargetReader,
    private readonly cluster: string,
    private readonly synthesized: readonly SynthesizedService[],
  ) {}

  /**
   * @param named only these. @default all of the stacks and of the cluster
   * @throws UserError for a name that isn't deployed
   */
  async read(named: readonly string[]): Promise<ServiceStatus[]> {
    const { ecs, cluster } = this;
    const found = await projectServices(ecs, cluster, this.synthesized, named);
    for (const { name, deployed } of named.length > 0 ? found : []) {
      if (deployed === undefined) throw noSuchService(name, await clusterIn(ecs, cluster), [], [name]);
    }
    const tasks: Task[] = [];
    for (const own of new Set([cluster, ...found.flatMap((one) => (one.deployed === undefined ? [] : one.cluster))]))
      tasks.push(...(await tasksOf(ecs, own, "RUNNING")));
    const statuses: ServiceStatus[] = [];
    for (const service of found) statuses.push(await this.status(service, tasks));
    return statuses;
  }

  private async status({ name, cluster, deployed }: ProjectService, tasks: readonly Task[]): Promise<ServiceStatus> {
    if (deployed === undefined) return missingService(name);
    const { deployments = [], loadBalancers = [] } = deployed;
    for (const { taskDefinition } of deployments) await this.learn(taskDefinition);
    const groups = loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
    const targets = await this.targets.targetGroups(groups);
    const own = tasks.filter((task) => serviceOf(task) === name && isOfCluster(task, cluster));
    return serviceStatus(deployed, own, this.taskDefinitions, targets);
  }

  private async learn(arn: string | undefined): Promise<void> {
    if (arn === undefined || this.taskDefinitions.has(arn)) return;
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    if (taskDefinition !== undefined) this.taskDefinitions.set(arn, taskDefinition);
  }
}

/** A task whose ARN doesn't name its cluster is of the one that was asked. */
function isOfCluster({ clusterArn }: Task, cluster: string): boolean {
  return clusterArn === undefined || lastPart(clusterArn) === cluster;
}
