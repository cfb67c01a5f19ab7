import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import {
  type Container,
  isPublished,
  publishedEndpoint,
  type ServiceDefinition,
  underscored,
} from "../../services/definition";
import { environmentOf, namesOf } from "../environment-names";
import type { EcsRole } from "../iam/ecs-role";
import { jsonDocument } from "../terraform/json-document";
import type { Cluster } from "./cluster";
import { type ContainerContext, type ContainerDefinition, containerDefinition } from "./container-definition";
import { type ScalingRange, ServiceScaling } from "./service-scaling";

export interface FargateServiceProps {
  readonly definition: ServiceDefinition;
  readonly cluster: Cluster;
  readonly containers: ContainerContext;
  /** What ECS itself may do for the tasks: pull images, read secrets, write logs. */
  readonly executionRole: EcsRole;
  /** What the processes in the tasks may do. */
  readonly taskRole: EcsRole;
  readonly desiredCount: number;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
  /** Where the tasks are registered. @default nowhere: the service has no route */
  readonly targetGroupArn?: string;
  /** Whether ECS gives up a deployment whose tasks don't start, and goes back to the one before. @default false */
  readonly circuitBreaker?: boolean;
  /** Within which range Application Auto Scaling decides on the number of tasks. @default none: desiredCount does */
  readonly scaling?: ScalingRange;
}

/**
 * A service on Fargate: its tasks with their sidecars, under Service Connect, behind a target group where it has a route.
 *
 * `aws_ecs_service.ID`, `aws_ecs_task_definition.ID`, and with scaling `aws_appautoscaling_target.ID`,
 * `aws_appautoscaling_policy.ID_cpu`, `aws_appautoscaling_policy.ID_memory`
 */
export class FargateService extends Construct {
  readonly definition: ServiceDefinition;
  readonly taskDefinition: EcsTaskDefinition;
  readonly service: EcsService;
  readonly scaling?: ServiceScaling;
  private containers: readonly ContainerDefinition[];

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const { definition, cluster, executionRole, taskRole, targetGroupArn, scaling } = props;
    this.definition = definition;
    this.containers = definition.containers.map((container) => containerDefinition(container, props.containers));
    for (const { awsManagedPolicies = [] } of definition.containers) {
      for (const policy of awsManagedPolicies) taskRole.addAwsManagedPolicy(policy);
    }
    this.taskDefinition = new EcsTaskDefinition(this, "TaskDefinition", {
      family: namesOf(this).taskFamily(definition.name),
      cpu: String(definition.cpu),
      memory: String(definition.memoryMiB),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      containerDefinitions: jsonDocument(this.containers),
    });
    this.service = new EcsService(this, "Service", {
      name: definition.name,
      cluster: cluster.id,
      taskDefinition: this.taskDefinition.arn,
      desiredCount: props.desiredCount,
      launchType: "FARGATE",
      enableExecuteCommand: true,
      networkConfiguration: {
        // A public address is the tasks' way out without a NAT gateway: a known weakness, kept.
        assignPublicIp: true,
        securityGroups: props.securityGroupIds,
        subnets: props.subnetIds,
      },
      loadBalancer: loadBalancerOf(definition, targetGroupArn),
      serviceConnectConfiguration: {
        enabled: true,
        namespace: cluster.namespaceArn,
        service: publishedPorts(definition, environmentOf(this) === undefined),
      },
      ...(props.circuitBreaker && { deploymentCircuitBreaker: { enable: true, rollback: true } }),
      ...(scaling !== undefined && { lifecycle: { ignoreChanges: ["desired_count"] } }),
    });
    if (scaling === undefined) return;
    const { name: clusterName } = cluster;
    const name = underscored(definition.name);
    this.scaling = new ServiceScaling(this, "Scaling", { ...scaling, service: this.service, clusterName, name });
  }

  /** Adds to the containers, for a new revision of the task definition. @param more of a container, in ECS's own form */
  addToContainers(more: (container: Container) => ContainerDefinition): void {
    const { containers } = this.definition;
    this.containers = containers.map((container, index) => ({ ...this.containers[index], ...more(container) }));
    this.taskDefinition.containerDefinitions = jsonDocument(this.containers);
  }
}

function loadBalancerOf({ containers, route }: ServiceDefinition, targetGroupArn: string | undefined) {
  if (route === undefined || targetGroupArn === undefined) return undefined;
  const { containerName = containers[0].name, containerPort } = route;
  return [{ targetGroupArn, containerName, containerPort }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html */
function publishedPorts({ containers }: ServiceDefinition, isDefault: boolean) {
  return containers
    .flatMap((container) => container.ports)
    .filter(isPublished)
    .map(({ name, containerPort }) => ({
      portName: name,
      discoveryName: name,
      // By default the name ends with the namespace, which is another in each environment.
      clientAlias: {
        port: containerPort,
        ...(isDefault ? {} : { dnsName: publishedEndpoint({ name, containerPort }).host }),
      },
    }));
}
