/** From synthesized stacks to what is drawn: the way of a request from a host to a container, and what the containers use. */

import { type StackJson, SynthesizedStacks } from "../../terraform/synthesized";
import { appParts } from "./app-parts";
import type { Edge, Graph, Group, Node } from "./graph";
import { networkParts } from "./network-parts";

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
    rows: [...network.rows, ...app.rows, ...rowsOfTheRest(nodes, edges)],
    columns: [...network.columns, ...app.columns, ...columnsOfStores(edges)],
  };
}

/** What no line leads to stands with the hosts, or with the roles. */
function rowsOfTheRest(nodes: readonly Node[], edges: readonly Edge[]): string[][] {
  const led = new Set(edges.map(({ to }) => to));
  const anchors = nodes.filter(({ id, caption }) => id.startsWith("hosts.") || caption === "IAM role");
  const rows = [...new Set(anchors.map(({ group }) => group))].map((stack) => {
    const own = [...anchors, ...nodes.filter(({ id }) => !led.has(id))].filter(({ group }) => group === stack);
    return [...new Set(own.map(({ id }) => id))];
  });
  return rows.filter((row) => row.length > 1);
}

/** What roles may use, at most three side by side: the one below the other's third. */
function columnsOfStores(edges: readonly Edge[]): string[][] {
  const used = [...new Set(edges.filter(({ kind, fromGroup }) => kind === "access" && !fromGroup).map(({ to }) => to))];
  return used.slice(3).map((id, index) => [used[index] ?? id, id]);
}
