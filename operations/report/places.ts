/** Where in the picture a resource is: its own box, or that of the resource which it belongs to. */
import { parseAddress } from "../../terraform/address";
import type { Resource, SynthesizedStacks } from "../../terraform/synthesized";
import type { Graph } from "../diagram/graph";

/** Types that are drawn within the box of another. */
const ownerTypes: Readonly<Record<string, string>> = {
  aws_lb_listener: "aws_lb",
  aws_lb_listener_rule: "aws_lb",
  aws_acm_certificate: "aws_lb",
  aws_acm_certificate_validation: "aws_lb",
  aws_route53_record: "aws_lb",
  aws_ecs_task_definition: "aws_ecs_service",
  aws_iam_policy: "aws_iam_role",
  aws_iam_role_policy_attachment: "aws_iam_role",
  aws_cognito_user_pool_client: "aws_cognito_user_pool",
  aws_xray_sampling_rule: "aws_xray_group",
  aws_lambda_permission: "aws_lambda_function",
  aws_lambda_event_source_mapping: "aws_lambda_function",
  aws_service_discovery_http_namespace: "aws_ecs_cluster",
};

export class Places {
  private readonly drawn: ReadonlySet<string>;
  private readonly neighbours: ReadonlyMap<Resource, ReadonlySet<Resource>>;

  constructor(
    graph: Graph,
    private readonly stacks: SynthesizedStacks,
  ) {
    this.drawn = new Set([...graph.nodes, ...graph.groups].map(({ id }) => id));
    this.neighbours = neighboursOf(stacks);
  }

  /**
   * @param address of an instance, as a plan has it
   * @returns ids of nodes and groups; empty for what no stack declares any longer
   */
  of(stack: string, address: string): string[] {
    const parsed = parseAddress(address);
    if (parsed === undefined || parsed.modules.length > 0) return [];
    const { type, name } = parsed;
    const resource = this.stacks.resources.find((one) => one.stack === stack && one.address === `${type}.${name}`);
    if (resource === undefined) return [];
    if (this.drawn.has(resource.address)) return [resource.address];
    const owners = this.owners(resource, ownerTypes[type]);
    const ids = owners.map(({ address: owner }) =>
      type === "aws_route53_record" && this.drawn.has(`hosts.${owner}`) ? `hosts.${owner}` : owner,
    );
    const found = ids.filter((id) => this.drawn.has(id));
    return found.length > 0 ? found : [`more.${stack}`].filter((id) => this.drawn.has(id));
  }

  /** The resources of a type that the fewest references lead to, in either direction; without any, all of its stack. */
  private owners(from: Resource, type: string | undefined): Resource[] {
    if (type === undefined) return [];
    const seen = new Set([from]);
    for (let ring = [from]; ring.length > 0; ) {
      ring = [...new Set(ring.flatMap((one) => [...(this.neighbours.get(one) ?? [])]))].filter((one) => !seen.has(one));
      for (const one of ring) seen.add(one);
      const found = ring.filter((one) => one.type === type);
      if (found.length > 0) return found;
    }
    return this.stacks.ofType(type).filter(({ stack }) => stack === from.stack);
  }
}

function neighboursOf(stacks: SynthesizedStacks): Map<Resource, Set<Resource>> {
  const found = new Map(stacks.resources.map((one) => [one, new Set<Resource>()]));
  for (const one of stacks.resources) {
    for (const other of stacks.referred(one.block, one.stack)) {
      if (one === other) continue;
      found.get(one)?.add(other);
      found.get(other)?.add(one);
    }
  }
  return found;
}
