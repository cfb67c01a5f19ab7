/** Where a team gives a difference its place: a setting, a variable, a service's file, or its additions. */

import { withoutKeys } from "../../terraform/address";

interface Rule {
  /** A resource address without instance key. */
  readonly address: RegExp;
  /** The first name on the attribute's path; absent: the whole resource. */
  readonly attribute?: RegExp;
  readonly place: string;
}

/** The first that fits. Settings are named by their path, so that a test holds them against the schema. */
export const rules: readonly Rule[] = [
  {
    address: /^aws_db_instance\.cruddur$/,
    attribute: /^instance_class$/,
    place: "setting database.instanceClass",
  },
  {
    address: /^aws_db_instance\.cruddur$/,
    attribute: /^engine_version$/,
    place: "setting database.engineVersion",
  },
  {
    address: /^aws_db_instance\.cruddur$/,
    attribute: /^parameter_group_name$/,
    place: "setting database.parameterGroup",
  },
  {
    address: /^aws_db_instance\.cruddur$/,
    attribute: /^username$/,
    place: "variable db_username",
  },
  {
    address: /^aws_db_instance\.cruddur$/,
    attribute: /^password$/,
    place: "variable db_password",
  },
  {
    address: /^aws_(cognito_user_pool\.|lambda_permission\.)/,
    attribute: /^(lambda_config|function_name)$/,
    place: "setting lambdaFunctions.postConfirmation",
  },
  {
    address: /^aws_lambda_event_source_mapping\./,
    attribute: /^function_(name|arn)$/,
    place: "setting lambdaFunctions.messageStream",
  },
  { address: /^aws_lb\./, attribute: /^subnet/, place: "setting subnetFilters" },
  { address: /^aws_ecs_service\./, attribute: /^network_configuration$/, place: "setting subnetFilters" },
  { address: /^aws_ecs_service\./, attribute: /^desired_count$/, place: "variable ecs_service_desired_count" },
  { address: /^aws_ssm_parameter\.secret$/, attribute: /^(value|insecure_value)$/, place: "the Terraform variables" },
  { address: /^aws_ecs_(service|task_definition)\.backend_authz$/, place: "setting authz" },
  {
    address: /^aws_ecs_task_definition\./,
    attribute: /^(container_definitions|cpu|memory)$/,
    place: "the service's file in services/",
  },
  {
    address: /^aws_(ecs_(service|task_definition)|lb_(target_group|listener_rule))\./,
    place: "the service's file in services/",
  },
  { address: /^aws_ecr_repository\.repo$/, place: "services/image-table.ts" },
  { address: /^aws_route53_record\./, attribute: /^(name|zone_id)$/, place: "variable cruddur_dns_name" },
];

/** @param address of an instance or resource */
export function whereToChange(address: string, attribute: string | undefined, stack: string): string {
  const resource = withoutKeys(address);
  const first = attribute?.split(".")[0] ?? "";
  const rule = rules.find((candidate) => {
    if (!candidate.address.test(resource)) return false;
    if (candidate.attribute === undefined) return attribute === undefined || /task_definition/.test(resource);
    return candidate.attribute.test(first);
  });
  return rule === undefined ? `additions/${stack}.ts` : rule.place;
}
