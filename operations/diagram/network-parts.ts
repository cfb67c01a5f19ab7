/** Hosts, load balancers, listeners and target groups. */

import { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { shownValue } from "../../lib/secrecy/shown-value";
import { blocks, type Resource, readable, type SynthesizedStacks, text } from "../../terraform/synthesized";
import type { Edge, Graph, Node, Row } from "./graph";

const clientId = "client";

/** One line of a listener: what it takes, and where that goes. */
interface Route {
  readonly row: Row;
  /** When a request takes it. */
  readonly label?: string;
  readonly targets: readonly Resource[];
}

/** As it may be printed: the picture is committed, and a rule can ask for a header that only an edge in front knows. */
function shownBlock(block: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return shownValue(block, undefined, [], new KnownSecrets([])) as Readonly<Record<string, unknown>>;
}

function condition(rule: Resource): string {
  const parts = blocks(rule.block.condition).flatMap((block) =>
    Object.entries(block).flatMap(([kind, value]) => {
      // Where everybody calls is no secret, though it comes in a header.
      const shown = kind === "host_header" ? value : shownBlock({ [kind]: value })[kind];
      const values = (blocks(shown)[0]?.values ?? []) as unknown[];
      return values.length === 0
        ? []
        : [`${kind.replace("_header", "").replace("_pattern", "")} ${values.map(readable).join(", ")}`];
    }),
  );
  return parts.join(" and ");
}

function routesOf(listener: Resource, stacks: SynthesizedStacks): Route[] {
  const { block, address, stack } = listener;
  const head = `${text(block.protocol)} :${text(block.port)}`;
  const rules = stacks
    .ofType("aws_lb_listener_rule")
    .filter((rule) => stacks.referred(rule.block.listener_arn, rule.stack).includes(listener))
    .sort((a, b) => Number(a.block.priority) - Number(b.block.priority))
    .map((rule) => ({
      row: { port: rule.address, text: `${text(rule.block.priority)}  ${condition(rule)}` },
      label: condition(rule),
      targets: stacks.referredOfType("aws_lb_target_group", rule.block.action, rule.stack),
    }));
  const [action] = blocks(block.default_action);
  const [redirect] = blocks(action?.redirect);
  const [fixed] = blocks(action?.fixed_response);
  if (redirect !== undefined) {
    const text_ = `${head}  redirects to ${text(redirect.protocol)} :${text(redirect.port)}`;
    return [{ row: { text: text_ }, targets: [] }, ...rules];
  }
  const certificates = stacks
    .ofType("aws_acm_certificate")
    .filter((certificate) =>
      stacks
        .referred(block.certificate_arn, stack)
        .some(
          (via) => via === certificate || stacks.referred(via.block.certificate_arn, via.stack).includes(certificate),
        ),
    )
    .flatMap((certificate) => [
      certificate.block.domain_name,
      ...((certificate.block.subject_alternative_names ?? []) as unknown[]),
    ])
    .map(readable);
  const secured = certificates.length === 0 ? head : `${head}  certificate ${certificates.join(", ")}`;
  const otherwise = fixed === undefined ? "otherwise" : `otherwise ${text(fixed.status_code)}`;
  const targets = stacks.referredOfType("aws_lb_target_group", action, stack);
  return [
    { row: { text: secured }, targets: [] },
    ...rules,
    { row: { port: address, text: otherwise }, label: otherwise, targets },
  ];
}

function targetGroupNode({ address, stack, block }: Resource): Node {
  const [health] = blocks(block.health_check).map(shownBlock);
  const port = health?.port === undefined ? "" : `:${text(health.port)}`;
  const check = health === undefined ? [] : [{ text: `health check ${port}${text(health.path)}` }];
  return {
    id: address,
    kind: "network",
    caption: "target group",
    title: readable(block.name),
    rows: [{ port: "traffic", text: `${text(block.protocol)} :${text(block.port)}` }, ...check],
    group: stack,
  };
}

export function networkParts(stacks: SynthesizedStacks): Graph {
  const balancers = stacks.ofType("aws_lb");
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  for (const balancer of balancers) {
    const listeners = stacks
      .ofType("aws_lb_listener")
      .filter((listener) => stacks.referred(listener.block.load_balancer_arn, listener.stack).includes(balancer))
      .sort((a, b) => Number(a.block.port) - Number(b.block.port));
    const routes = listeners.flatMap((listener) => routesOf(listener, stacks));
    nodes.push({
      id: balancer.address,
      kind: "network",
      caption: `${text(balancer.block.load_balancer_type) || "application"} load balancer`,
      title: readable(balancer.block.name),
      rows: routes.map(({ row }) => row),
      group: balancer.stack,
    });
    for (const { row, label, targets } of routes) {
      for (const target of targets) {
        edges.push({
          from: balancer.address,
          fromPort: row.port,
          to: target.address,
          toPort: "traffic",
          kind: "traffic",
          ...(label !== undefined && { label }),
        });
      }
    }
    const records = stacks
      .ofType("aws_route53_record")
      .filter((record) => stacks.referred(record.block.alias, record.stack).includes(balancer));
    if (records.length === 0) continue;
    const hosts: Node = {
      id: `hosts.${balancer.address}`,
      kind: "network",
      caption: "DNS records",
      title: "hosts",
      rows: records.map(({ address, block }) => ({
        port: address,
        text: `${readable(block.name)}  ${text(block.type)}`,
      })),
      group: records[0]?.stack,
    };
    nodes.push(hosts);
    edges.push({ from: clientId, to: hosts.id, kind: "traffic", label: "HTTPS" });
    edges.push({ from: hosts.id, to: balancer.address, kind: "traffic", label: "alias" });
  }
  if (nodes.length > 0) nodes.unshift({ id: clientId, kind: "client", title: "browser", rows: [] });
  return {
    nodes: [...nodes, ...stacks.ofType("aws_lb_target_group").map(targetGroupNode)],
    groups: [],
    edges,
    rows: [],
    columns: [],
  };
}
