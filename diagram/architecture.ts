/** From synthesized stacks to what is drawn: the way of a request from a host to a container, and what the containers use. */
import { appParts } from "./app-parts";
import type { Edge, Graph, Group, Node } from "./graph";
import { networkParts } from "./network-parts";
import { type StackJson, SynthesizedStacks } from "./synthesized";

/** Types that are drawn, as a node or in one, or that only tie two others together. */
const drawn =
  /^aws_(acm_certificate(_validation)?|cloudwatch_log_group|cognito_user_pool(_client)?|db_instance|dynamodb_table|ecr_repository|ecs_(cluster|service|task_definition)|iam_(policy|role|role_policy_attachment)|lambda_(event_source_mapping|permission)|lb(_listener(_rule)?|_target_group)?|route53_record|service_discovery_http_namespace|ssm_parameter|xray_(group|sampling_rule))$/;

/** Whatever else a stack has, its team's additions among it, by type and name. */
function moreNodes(stacks: SynthesizedStacks, ids: readonly string[]): Node[] {
  return ids.flatMap((id) => {
    const others = stacks.resources.filter(
      ({ stack, type, address }) => stack === id && !address.startsWith("data.") && !drawn.test(type),
    );
    if (others.length === 0) return [];
    const rows = others.map(({ type, name }) => ({
      text: `${type.replace(/^aws_/, "").replaceAll("_", " ")}: ${name}`,
    }));
    return [{ id: `more.${id}`, kind: "more" as const, title: "Also in this stack", rows, group: id }];
  });
}

/** @param json the synthesized stacks, in the order of deployment */
export function architecture(json: readonly StackJson[]): Graph {
  const stacks = new SynthesizedStacks(json);
  const groups: Group[] = json.map(({ id }) => ({ id, title: `stack ${id}`, kind: "stack" }));
  const network = networkParts(stacks);
  const app = appParts(stacks);
  const nodes = [
    ...network.nodes,
    ...app.nodes,
    ...moreNodes(
      stacks,
      json.map(({ id }) => id),
    ),
  ];
  const edges = [...network.edges, ...app.edges];
  return {
    nodes,
    groups: [...groups, ...app.groups],
    edges,
    columns: [...network.columns, ...app.columns, ...columnsOfTheRest(nodes, edges)],
    orders: [...network.orders, ...app.orders],
  };
}

/** What no line leads to has no place of its own: it stands with the hosts, or with the roles. What it calls stands there too. */
function columnsOfTheRest(nodes: readonly Node[], edges: readonly Edge[]): string[][] {
  const led = new Set(edges.filter(({ loose }) => loose !== true).map(({ to }) => to));
  const pairs = edges.filter(({ loose }) => loose === true).map(({ from, to }) => [from, to]);
  const anchors = nodes.filter(({ id, caption }) => id.startsWith("hosts.") || caption === "IAM role");
  const rest = [...new Set(anchors.map(({ group }) => group))].map((stack) => {
    const isFree = ({ id, group }: Node) => group === stack && !led.has(id) && !pairs.some(([, to]) => to === id);
    const own = [...anchors.filter(({ group }) => group === stack), ...nodes.filter(isFree)];
    return [...new Set(own.map(({ id }) => id))];
  });
  return [...rest, ...pairs].filter((column) => column.length > 1);
}
