/** What the stacks would deploy of each service: the synthesized task definitions, with expressions filled in as far as they are known. */
import { blocks, documentOf, type Resource, type SynthesizedStacks, text } from "../../diagram/synthesized";

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
  readonly cpu: string;
  readonly memory: string;
  readonly networkMode: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly containers: readonly ContainerDefinition[];
  /** Where the load balancer sends to, and the target group with its block. */
  readonly targets: readonly {
    readonly containerName: string;
    readonly containerPort: number;
    readonly group: Readonly<Record<string, unknown>>;
  }[];
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

export class SynthesizedServices {
  constructor(
    private readonly stacks: SynthesizedStacks,
    private readonly known: KnownValues,
  ) {}

  all(): SynthesizedService[] {
    return this.stacks.ofType("aws_ecs_service").flatMap((service) => {
      const { stack, block } = service;
      const [task] = this.stacks.referredOfType("aws_ecs_task_definition", block.task_definition, stack);
      if (task === undefined) return [];
      const filled = (value: unknown) => this.filled(text(value), stack);
      return [
        {
          name: filled(block.name),
          cpu: filled(task.block.cpu),
          memory: filled(task.block.memory),
          networkMode: filled(task.block.network_mode),
          executionRoleArn: filled(task.block.execution_role_arn),
          taskRoleArn: filled(task.block.task_role_arn),
          containers: this.deeplyFilled(documentOf(task.block.container_definitions), stack) as ContainerDefinition[],
          targets: blocks(block.load_balancer).flatMap(({ target_group_arn, container_name, container_port }) =>
            this.stacks.referredOfType("aws_lb_target_group", target_group_arn, stack).map((group) => ({
              containerName: filled(container_name),
              containerPort: Number(container_port),
              group: this.deeplyFilled(group.block, group.stack) as Readonly<Record<string, unknown>>,
            })),
          ),
        },
      ];
    });
  }

  /** A resource's block, filled. */
  block(resource: Resource): Readonly<Record<string, unknown>> {
    return this.deeplyFilled(resource.block, resource.stack) as Readonly<Record<string, unknown>>;
  }

  private deeplyFilled(value: unknown, stack: string): unknown {
    if (typeof value === "string") return this.filled(value, stack);
    if (Array.isArray(value)) return value.map((item) => this.deeplyFilled(item, stack));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.deeplyFilled(inner, stack)]));
  }

  private filled(value: string, stack: string): string {
    return value.replace(/\$\{([^}]*)\}/g, (_template, expression) => this.value(expression, stack) ?? anything);
  }

  private value(expression: string, stack: string): string | undefined {
    const { accountId, region, variables } = this.known;
    if (/^data\.aws_caller_identity\.\w+\.(account_id|id)$/.test(expression)) return accountId;
    if (/^data\.aws_region\.\w+\.(name|region|id)$/.test(expression)) return region;
    const [, variable] = /^var\.(\w+)$/.exec(expression) ?? [];
    if (variable !== undefined) return variables[variable];
    const [, address, key, attribute] = /^(aws_\w+\.\w+)(?:\["([^"]+)"\])?\.(\w+)$/.exec(expression) ?? [];
    const resource = this.stacks.resources.find((one) => one.stack === stack && one.address === address);
    if (resource === undefined) return undefined;
    const name = text(resource.block.name).replaceAll(/\$\{each\.(key|value)\}/g, key ?? anything);
    if (attribute === "name" || (attribute === "id" && resource.type === "aws_iam_role"))
      return this.filled(name, stack);
    if (attribute !== "arn") return undefined;
    const arns: Readonly<Record<string, string>> = {
      aws_ssm_parameter: `arn:aws:ssm:${region}:${accountId}:parameter${name}`,
      aws_iam_role: `arn:aws:iam::${accountId}:role/${name}`,
    };
    const arn = arns[resource.type];
    return arn && this.filled(arn, stack);
  }
}
