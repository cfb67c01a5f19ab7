/**
 * What a change of each argument of `aws_ecs_service` does to the tasks: as UpdateService's documentation says of each
 * parameter, and as the provider calls it. The documentation of this project shows this table.
 */

import { entryOf } from "./values";

/** `new tasks`: ECS replaces all tasks. `none`: tasks go on. `terraform`: AWS isn't asked for it. `replacement`: of the service. */
export type Effect = "new tasks" | "none" | "terraform" | "replacement";

export interface ServiceArgument {
  readonly effect: Effect;
  /** What happens, where tasks go on. */
  readonly text: string;
  /** The parameter of UpdateService that the provider passes on. */
  readonly parameter?: string;
}

const newTasks = (parameter: string): ServiceArgument => ({ effect: "new tasks", text: "", parameter });
const none = (parameter: string, text: string): ServiceArgument => ({ effect: "none", text, parameter });
const terraform = (text: string): ServiceArgument => ({ effect: "terraform", text });
const replacement: ServiceArgument = { effect: "replacement", text: "" };

const nextDeployment = "counts from the next deployment on";
const nextTasks = "counts for tasks that start from now on; those that run keep theirs";

export const serviceArguments: Readonly<Record<string, ServiceArgument>> = {
  alarms: none("deploymentConfiguration", nextDeployment),
  availability_zone_rebalancing: none(
    "availabilityZoneRebalancing",
    "no new deployment; switched on, ECS may move single tasks to other zones later",
  ),
  capacity_provider_strategy: none("capacityProviderStrategy", nextTasks),
  cluster: replacement,
  deployment_circuit_breaker: none("deploymentConfiguration", nextDeployment),
  deployment_configuration: none("deploymentConfiguration", nextDeployment),
  deployment_controller: none("deploymentController", nextDeployment),
  deployment_maximum_percent: none("deploymentConfiguration", nextDeployment),
  deployment_minimum_healthy_percent: none("deploymentConfiguration", nextDeployment),
  desired_count: none("desiredCount", "tasks are added or stopped; the others go on"),
  enable_ecs_managed_tags: none("enableECSManagedTags", nextTasks),
  enable_execute_command: none("enableExecuteCommand", nextTasks),
  force_delete: terraform("counts when the service is destroyed"),
  force_new_deployment: {
    effect: "new tasks",
    text: "switched off: from now on updates start new tasks only where an argument does",
    parameter: "forceNewDeployment",
  },
  health_check_grace_period_seconds: none("healthCheckGracePeriodSeconds", nextTasks),
  iam_role: replacement,
  launch_type: replacement,
  load_balancer: newTasks("loadBalancers"),
  name: replacement,
  network_configuration: newTasks("networkConfiguration"),
  ordered_placement_strategy: none("placementStrategy", nextTasks),
  placement_constraints: none("placementConstraints", nextTasks),
  platform_version: newTasks("platformVersion"),
  propagate_tags: none("propagateTags", nextTasks),
  region: replacement,
  scheduling_strategy: replacement,
  service_connect_configuration: newTasks("serviceConnectConfiguration"),
  service_registries: newTasks("serviceRegistries"),
  sigint_rollback: terraform("counts when an apply is interrupted"),
  tags: terraform("only the service's own tags"),
  tags_all: terraform("only the service's own tags"),
  task_definition: newTasks("taskDefinition"),
  timeouts: terraform("how long Terraform waits"),
  triggers: terraform("does nothing without force_new_deployment"),
  volume_configuration: newTasks("volumeConfigurations"),
  vpc_lattice_configurations: newTasks("vpcLatticeConfigurations"),
  wait_for_steady_state: terraform("whether Terraform waits"),
};

/**
 * Arguments whose change alone makes no call of UpdateService, so that `force_new_deployment` isn't passed on either:
 * as the requests of the provider 5.100.0 show.
 */
export const withoutUpdate: ReadonlySet<string> = new Set(["force_delete", "tags", "tags_all", "timeouts"]);

const api = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html";
const provider = "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ecs_service";

/** The documentation that says what a change of an argument does. */
export function sourceOf(name: string): string {
  const { parameter } = argumentOf(name) ?? {};
  return parameter === undefined ? provider : `${api}#ECS-UpdateService-request-${parameter}`;
}

/** @returns undefined for an argument of a provider that is not known here */
export function argumentOf(name: string): ServiceArgument | undefined {
  return entryOf(serviceArguments, name);
}

const always = [
  "desiredCount",
  "enableECSManagedTags",
  "healthCheckGracePeriodSeconds",
  "placementConstraints",
  "placementStrategy",
  "propagateTags",
];

export interface Controller {
  /** Parameters that UpdateService changes. */
  readonly takes: readonly string[];
  /** What brings new tasks. */
  readonly deployBy: string;
}

/** What UpdateService takes of services that something else than ECS deploys. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
export const controllers: Readonly<Record<string, Controller>> = {
  CODE_DEPLOY: { takes: [...always, "deploymentConfiguration"], deployBy: "a deployment of CodeDeploy" },
  EXTERNAL: { takes: always, deployBy: "a new task set" },
};
