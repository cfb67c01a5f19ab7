import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import { isPublished, type ServiceDefinition, terraformName } from "../../services/definition";
import type { TaskRole } from "../iam/task-role";
import { jsonDocument } from "../terraform/json-document";
import type { Cluster } from "./cluster";
import { type ContainerContext, containerDefinition } from "./container-definition";

export interface FargateServiceProps {
  readonly definition: ServiceDefinition;
  readonly cluster: Cluster;
  readonly containers: ContainerContext;
  /** What ECS itself may do for the tasks: pull images, read secrets, write logs. */
  readonly executionRole: TaskRole;
  /** What the processes in the tasks may do. */
  readonly taskRole: TaskRole;
  readonly desiredCount: number;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
  /** Where the tasks are registered. @default nowhere: the service has no route */
  readonly targetGroupArn?: string;
}

/**
 * A service on Fargate: its tasks with their sidecars, under Service Connect, behind a target group where it has a route.
 *
 * `aws_ecs_service.NAME`, `aws_ecs_task_definition.NAME`, with `_` for `-` in the service's name
 */
export class FargateService extends Construct {
  readonly taskDefinition: EcsTaskDefinition;
  readonly service: EcsService;

  constructor(scope: Construct, props: FargateServiceProps) {
    const { definition, cluster, executionRole, taskRole, targetGroupArn } = props;
    super(scope, terraformName(definition.name));
    for (const { awsManagedPolicies = [] } of definition.containers) {
      for (const policy of awsManagedPolicies) taskRole.addAwsManagedPolicy(policy);
    }
    this.taskDefinition = new EcsTaskDefinition(this, "TaskDefinition", {
      family: definition.name,
      cpu: String(definition.cpu),
      memory: String(definition.memoryMiB),
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      containerDefinitions: jsonDocument(
        definition.containers.map((container) => containerDefinition(container, props.containers)),
      ),
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
        service: publishedPorts(definition),
      },
    });
  }
}

function loadBalancerOf({ containers, route }: ServiceDefinition, targetGroupArn: string | undefined) {
  if (route === undefined || targetGroupArn === undefined) return undefined;
  const { containerName = containers[0].name, containerPort } = route;
  return [{ targetGroupArn, containerName, containerPort }];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html */
function publishedPorts({ containers }: ServiceDefinition) {
  return containers
    .flatMap((container) => container.ports)
    .filter(isPublished)
    .map(({ name, containerPort }) => ({
      portName: name,
      discoveryName: name,
      clientAlias: { port: containerPort },
    }));
}
