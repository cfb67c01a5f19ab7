/** Terraform's arguments of a task definition as ECS has them. */
import { blocks } from "../../terraform/synthesized";

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Arguments of Terraform's and of the provider's own that ECS knows nothing of.
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ecs_task_definition
 */
const notOfEcs = new Set([
  ...["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"],
  ...["container_definitions", "id", "region", "skip_destroy", "tags", "tags_all", "track_latest"],
]);

/** Names that aren't the same in camel case. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html */
const otherNames: Readonly<Record<string, string>> = {
  configure_at_launch: "configuredAtLaunch",
  inference_accelerator: "inferenceAccelerators",
  size_in_gib: "sizeInGiB",
  volume: "volumes",
};

/** Maps, whose keys are the user's. */
export const maps = new Set(["dockerLabels", "driverOpts", "labels", "options", "properties"]);

/** What is a list in ECS; other blocks are there once. */
const lists = new Set(["inferenceAccelerators", "placementConstraints", "volumes"]);

function camelCase(name: string): string {
  return otherNames[name] ?? name.replace(/_([a-z\d])/g, (_all, letter: string) => letter.toUpperCase());
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One argument with its name in ECS. */
function converted(name: string, value: unknown): readonly [string, unknown] {
  const key = camelCase(name);
  if (key === "hostPath") return ["host", { sourcePath: value }];
  if (key === "properties" && isObject(value))
    return [key, Object.entries(value).map(([name, text]) => ({ name, value: text }))];
  if (maps.has(key)) return [key, value];
  if (lists.has(key)) return [key, blocks(value).map(convertedBlock)];
  // A block that is there once may stand in a list, as overrides write it.
  const [only, ...more] = blocks(value);
  return [key, only !== undefined && more.length === 0 ? convertedBlock(only) : value];
}

function convertedBlock(block: Fields): Fields {
  return Object.fromEntries(Object.entries(block).map(([name, value]) => converted(name, value)));
}

/** @param block of `aws_ecs_task_definition`; arguments that nobody knows here keep their values */
export function ecsTaskDefinition(block: Fields): Fields {
  return convertedBlock(Object.fromEntries(Object.entries(block).filter(([name]) => !notOfEcs.has(name))));
}
