/** What the stacks would deploy of each service: the synthesized task definitions, with expressions filled in as far as they are known. */
import {
  blocks,
  documentOf,
  instanceKeys,
  type Resource,
  type SynthesizedStacks,
  text,
} from "../../terraform/synthesized";
import { ecsTaskDefinition, type Fields } from "./task-definition";

/** What expressions stand for. */
export interface KnownValues {
  readonly accountId: string;
  readonly region: string;
  /** Of Terraform variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

export type ContainerDefinition = Readonly<Record<string, unknown>> & { readonly name: string };

export interface SynthesizedService {
  readonly name: string;
  /** The name of its cluster. */
  readonly cluster: string;
  /** Beside the containers, as ECS has it; undefined where no resource of the stacks is its task definition. */
  readonly task?: Fields;
  /** Undefined where they can't be told before a plan. */
  readonly containers?: readonly ContainerDefinition[];
  /** Where the load balancer sends to, and the target group with its block. */
  readonly targets: readonly {
    readonly containerName: string;
    readonly containerPort: number;
    readonly group: Fields;
  }[];
}

/** The containers that are known of some services. */
export function containersOf(services: readonly SynthesizedService[]): ContainerDefinition[] {
  return services.flatMap(({ containers = [] }) => containers);
}

/** Left where an expression is not known; it stands for any text. */
export const anything = "\u0000";

export function isKnown(value: string): boolean {
  return !value.includes(anything);
}

/** Whether a text that may have unknown parts can be the other one. */
export function canBe(value: string, actual: string): boolean {
  if (isKnown(value)) return value === actual;
  const parts = value.split(anything).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(actual);
}

/** What an instance's own expressions stand for. */
type Instance = Readonly<Record<string, string>>;

/** One where `for_each` and `count` are absent or aren't literal. */
function instances(resource: Resource): Instance[] {
  const keys = instanceKeys(resource);
  if (keys !== undefined) return keys.map((key) => ({ "each.key": key, "each.value": key }));
  const { count } = resource.block;
  if (count === undefined || !/^\d+$/.test(text(count))) return [{}];
  return Array.from({ length: Number(count) }, (_, index) => ({ "count.index": String(index) }));
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

export class SynthesizedServices {
  constructor(
    private readonly stacks: SynthesizedStacks,
    private readonly known: KnownValues,
  ) {}

  /** Every service of the stacks, those of additions too, each instance of a literal `for_each` or `count` for itself. */
  all(): SynthesizedService[] {
    return this.stacks
      .ofType("aws_ecs_service")
      .flatMap((resource) => instances(resource).map((instance) => this.service(resource, instance)));
  }

  private service({ stack, block }: Resource, instance: Instance): SynthesizedService {
    const filled = (value: unknown) => this.filled(text(value), stack, instance);
    const [task] = this.stacks.referredOfType("aws_ecs_task_definition", block.task_definition, stack);
    const containers = this.deeplyFilled(documentOf(task?.block.container_definitions), stack, instance);
    const [cluster] = this.stacks.referredOfType("aws_ecs_cluster", block.cluster, stack);
    return {
      name: filled(block.name),
      cluster: cluster === undefined ? lastOf(filled(block.cluster)) : this.filled(text(cluster.block.name), stack),
      ...(task !== undefined && {
        task: {
          ...ecsTaskDefinition(this.deeplyFilled(task.block, stack, instance) as Fields),
          tags: {
            ...this.defaultTags(stack),
            ...(this.deeplyFilled(task.block.tags ?? {}, stack, instance) as Fields),
          },
        },
      }),
      ...(Array.isArray(containers) && { containers }),
      targets: blocks(block.load_balancer).flatMap(({ target_group_arn, container_name, container_port }) =>
        this.stacks.referredOfType("aws_lb_target_group", target_group_arn, stack).map((group) => ({
          containerName: filled(container_name),
          containerPort: Number(container_port),
          group: this.block(group),
        })),
      ),
    };
  }

  /** Of the provider that has no alias. */
  private defaultTags(stack: string): Fields {
    const own = this.stacks.providers(stack, "aws").find(({ alias }) => alias === undefined);
    const all = blocks(own?.default_tags).map(({ tags }) => this.deeplyFilled(tags ?? {}, stack));
    return Object.assign({}, ...all);
  }

  /** A resource's block, filled. */
  block(resource: Resource): Fields {
    return this.deeplyFilled(resource.block, resource.stack) as Fields;
  }

  /** A document of a stack, with its expressions filled in. */
  filledDocument(document: unknown, stack: string): unknown {
    return this.deeplyFilled(document, stack);
  }

  /** A text of a stack, with its expressions filled in. */
  text(value: unknown, stack: string): string {
    return this.filled(text(value), stack);
  }

  private deeplyFilled(value: unknown, stack: string, instance?: Instance): unknown {
    if (typeof value === "string") return this.filled(value, stack, instance);
    if (Array.isArray(value)) return value.map((item) => this.deeplyFilled(item, stack, instance));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.deeplyFilled(inner, stack, instance)]),
    );
  }

  private filled(value: string, stack: string, instance: Instance = {}): string {
    return value.replace(
      /\$\{([^}]*)\}/g,
      (_template, expression) => instance[expression] ?? this.value(expression, stack) ?? anything,
    );
  }

  private value(expression: string, stack: string): string | undefined {
    const { accountId, region, variables } = this.known;
    if (/^data\.aws_caller_identity\.\w+\.(account_id|id)$/.test(expression)) return accountId;
    if (/^data\.aws_region\.\w+\.(name|region|id)$/.test(expression)) return region;
    const [, variable] = /^var\.(\w+)$/.exec(expression) ?? [];
    if (variable !== undefined) return variables[variable];
    const [, address, key, attribute] = /^((?:data\.)?aws_\w+\.\w+)(?:\["([^"]+)"\])?\.(\w+)$/.exec(expression) ?? [];
    const resource = this.stacks.resources.find((one) => one.stack === stack && one.address === address);
    if (resource === undefined) return undefined;
    const name = text(resource.block.name).replaceAll(/\$\{each\.(key|value)\}/g, () => key ?? anything);
    if (name === "") return undefined;
    if (attribute === "name" || (attribute === "id" && resource.type === "aws_iam_role"))
      return this.filled(name, stack);
    if (attribute !== "arn") return undefined;
    const arns: Readonly<Record<string, string>> = {
      aws_ssm_parameter: `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`,
      aws_iam_role: `arn:aws:iam::${accountId}:role/${name}`,
      // AWS puts six characters behind the name.
      aws_secretsmanager_secret: `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${anything}`,
    };
    const arn = arns[resource.type];
    return arn && this.filled(arn, stack);
  }
}
