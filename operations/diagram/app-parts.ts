/** ECS services with their containers, and the edges between them and what they use. */

import { blocks, documentOf, type Resource, readable, type SynthesizedStacks, text } from "../../terraform/synthesized";
import { functionEdges, functionNodes } from "./functions";
import type { Edge, Graph, Group, Node } from "./graph";
import { requestEdges } from "./request-path";
import { type Store, storesOf } from "./stores";

type Definition = Readonly<Record<string, unknown>>;

/** A service with what its task definition says. */
interface Service {
  readonly resource: Resource;
  readonly task: Resource | undefined;
  readonly containers: readonly Definition[];
}

const more = (count: number, one: string) => (count === 0 ? [] : [`${count} ${one}${count === 1 ? "" : "s"}`]);

function servicesOf(stacks: SynthesizedStacks): Service[] {
  return stacks.ofType("aws_ecs_service").map((resource) => {
    const { task_definition } = resource.block;
    const [task] = stacks.referredOfType("aws_ecs_task_definition", task_definition, resource.stack);
    return { resource, task, containers: blocks(documentOf(task?.block.container_definitions)) };
  });
}

function containerId({ resource }: Service, container: Definition | undefined): string {
  return `${resource.address}/${text(container?.name)}`;
}

function published({ resource }: Service): ReadonlyMap<string, string> {
  const [connect] = blocks(resource.block.service_connect_configuration);
  return new Map(
    blocks(connect?.service).map((service) => {
      const [alias] = blocks(service.client_alias);
      return [text(service.port_name), `${text(service.discovery_name)}:${text(alias?.port)}`] as const;
    }),
  );
}

/** The port by itself, and the name under which other tasks find it. */
function containerNode(service: Service, container: Definition, namespace: string): Node {
  const names = published(service);
  const ports = blocks(container.portMappings).flatMap((mapping) => {
    const { containerPort, protocol = "tcp", name } = mapping;
    const connect = names.get(text(name));
    const [host = "", port = ""] = connect?.split(":") ?? [];
    const taken = { port: text(containerPort), text: `:${text(containerPort)}/${text(protocol)}` };
    return connect === undefined ? [taken] : [taken, { text: `as ${host}.${namespace}:${port}` }];
  });
  const counts = [
    ...more(blocks(container.environment).length, "variable"),
    ...more(blocks(container.secrets).length, "secret"),
    ...(container.healthCheck === undefined ? [] : ["health check"]),
  ];
  return {
    id: containerId(service, container),
    kind: "compute",
    caption: "container",
    title: text(container.name),
    rows: [
      { text: `image ${readable(container.image).replace(/^.*\//, "")}` },
      ...ports,
      ...(counts.length === 0 ? [] : [{ text: counts.join(", ") }]),
    ],
    group: service.resource.address,
  };
}

function serviceGroup({ resource, task }: Service, cluster: string): Group {
  const size = task === undefined ? "" : `  ·  ${text(task.block.cpu)} CPU, ${text(task.block.memory)} MiB`;
  return { id: resource.address, title: `${readable(resource.block.name)}${size}`, kind: "service", parent: cluster };
}

/** The containers, the one that gets the traffic first. */
function topDown({ resource, containers }: Service): Definition[] {
  const [balancing] = blocks(resource.block.load_balancer);
  const isFirst = ({ name }: Definition) => name === balancing?.container_name;
  return [...containers.filter(isFirst), ...containers.filter((container) => !isFirst(container))];
}

/** An edge from all services as one where all have it, else from each that has. */
function fromServices(
  all: readonly Service[],
  some: readonly Service[],
  cluster: string,
  edge: Omit<Edge, "from" | "fromGroup">,
): Edge[] {
  const [first] = all;
  if (first === undefined) return [];
  if (some.length === all.length) {
    // From the lowest container, so that what is used lies below all of them.
    const longest = all.reduce((one, other) => (other.containers.length > one.containers.length ? other : one), first);
    return [{ ...edge, from: containerId(longest, topDown(longest).at(-1)), fromGroup: cluster }];
  }
  return some.map((service) => ({
    ...edge,
    from: containerId(service, service.containers[0]),
    fromGroup: service.resource.address,
  }));
}

/** Whether a security group of the store takes what comes from one of the service. */
function reaches(service: Service, store: Store, stacks: SynthesizedStacks): string | undefined {
  const { resource } = service;
  const [network] = blocks(resource.block.network_configuration);
  const own = stacks.referred(network?.security_groups, resource.stack);
  for (const group of stacks.referred(store.securityGroups, store.resource.stack)) {
    for (const rule of blocks(group.block.ingress)) {
      const from = stacks.referred(rule.security_groups, group.stack);
      if (from.some((one) => own.includes(one))) return text(rule.to_port);
    }
  }
  return undefined;
}

function roleNode(role: Resource, managed: readonly unknown[], policies: readonly Resource[]): Node {
  const aws = managed.map(text).filter((arn) => arn.startsWith("arn:"));
  return {
    id: role.address,
    kind: "identity",
    caption: "IAM role",
    title: readable(role.block.name),
    rows: [...policies.map(({ block }) => readable(block.name)), ...aws.map((arn) => arn.replace(/^.*\//, ""))].map(
      (line) => ({ text: line }),
    ),
    group: role.stack,
  };
}

export function appParts(stacks: SynthesizedStacks): Graph {
  const services = servicesOf(stacks);
  const groups: Group[] = [];
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  const rows: string[][] = [];
  const columns: string[][] = [];
  const stores = storesOf(stacks);

  for (const clusterResource of stacks.ofType("aws_ecs_cluster")) {
    const [namespace] = stacks.ofType("aws_service_discovery_http_namespace");
    groups.push({
      id: clusterResource.address,
      title: `ECS cluster ${readable(clusterResource.block.name)}`,
      kind: "cluster",
      parent: clusterResource.stack,
    });
    const own = services.filter(({ resource }) =>
      stacks.referred(resource.block.cluster, resource.stack).includes(clusterResource),
    );
    for (const service of own) {
      groups.push(serviceGroup(service, clusterResource.address));
      for (const container of service.containers) {
        nodes.push(containerNode(service, container, readable(namespace?.block.name)));
      }
      for (const balancing of blocks(service.resource.block.load_balancer)) {
        const container = service.containers.find(({ name }) => name === balancing.container_name);
        const { target_group_arn } = balancing;
        for (const target of stacks.referredOfType("aws_lb_target_group", target_group_arn, service.resource.stack)) {
          if (container === undefined) continue;
          edges.push({
            from: target.address,
            fromPort: "traffic",
            to: containerId(service, container),
            toPort: text(balancing.container_port),
            kind: "traffic",
          });
        }
      }
    }
    const tops = own.map((service) => topDown(service).map((container) => containerId(service, container)));
    const behind = new Set(requestEdges(nodes).map(({ to }) => to));
    rows.push(tops.flatMap(([top]) => (top === undefined || behind.has(top) ? [] : [top])));
    columns.push(...tops);
    edges.push(...roleEdges(stacks, own, clusterResource.address, stores));
    for (const store of stores.filter(({ securityGroups }) => securityGroups !== undefined)) {
      const reaching = own.filter((service) => reaches(service, store, stacks) !== undefined);
      const [first] = reaching;
      if (first === undefined) continue;
      const label = `:${reaches(first, store, stacks)}`;
      edges.push(
        ...fromServices(own, reaching, clusterResource.address, { to: store.resource.address, kind: "data", label }),
      );
    }
  }

  const roles = stacks.ofType("aws_iam_role").map((role) => {
    const managed = (role.block.managed_policy_arns ?? []) as unknown[];
    return roleNode(role, managed, stacks.referred(managed, role.stack));
  });
  nodes.push(...roles, ...stores.map(({ node }) => node), ...functionNodes(stacks));
  edges.push(...requestEdges(nodes), ...functionEdges(stacks));
  return { nodes, groups, edges, rows, columns };
}

/** Services to their roles, and roles to what their policies name. */
function roleEdges(
  stacks: SynthesizedStacks,
  services: readonly Service[],
  cluster: string,
  stores: readonly Store[],
): Edge[] {
  const uses = [
    ["task_role_arn", "tasks act as"],
    ["execution_role_arn", "ECS starts them as"],
  ] as const;
  return uses.flatMap(([argument, label]) =>
    stacks.ofType("aws_iam_role").flatMap((role) => {
      const having = services.filter(
        ({ task }) => task !== undefined && stacks.referred(task.block[argument], task.stack).includes(role),
      );
      if (having.length === 0) return [];
      const to = stores
        .filter((store) => store.grantedBy(role, stacks))
        .map(({ resource }): Edge => ({ from: role.address, to: resource.address, kind: "access" }));
      return [...fromServices(services, having, cluster, { to: role.address, kind: "access", label }), ...to];
    }),
  );
}
