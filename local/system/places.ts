/** Where the system is on this machine: the ports of its loopback interface, and the addresses of the containers. */
import { shown, UserError } from "../../lib/user-error";
import type { Container, Route, ServiceDefinition } from "../../services/definition";
import { hosts, ports } from "../../services/names";

/** Stands for the team's domain where a definition asks for it; what names a host of it gets that host's local URL. */
export const placeholderDomain = "cruddur.localhost";

/** What runs beside the services, in the place of AWS and Honeycomb. Their containers have these names. */
export const surroundings = { aws: "local-aws", database: "local-database", honeycomb: "local-honeycomb" } as const;
export type Surrounding = keyof typeof surroundings;
/** The ports that they listen on within the network. */
export const surroundingPorts: Readonly<Record<Surrounding, number>> = { aws: 4566, database: 5432, honeycomb: 4319 };

/** Ports of the loopback interface, where nothing else is asked for. A further route gets its container's own port. */
const usualPorts: Readonly<Record<string, number>> = {
  app: 3000,
  api: ports.envoy,
  "otel-collector": ports.otlpHttp,
  aws: surroundingPorts.aws,
  honeycomb: surroundingPorts.honeycomb,
  // Not 5432: a laptop may have a PostgreSQL of its own.
  database: 5433,
  page: 3100,
};
const lowestForUsers = 1024;

/** A port of the loopback interface by what is behind it: a route's label (`app` is the domain itself), or else its name. */
export type HostPorts = ReadonlyMap<string, number>;

/** How `--port` names a route. */
export function routeLabel({ hostLabel }: Route): string {
  return hostLabel ?? "app";
}

/**
 * @param asked ports that are asked for, by name
 * @throws UserError for names that aren't there, and for a port that is asked for twice
 */
export function hostPorts(services: readonly ServiceDefinition[], asked: Readonly<Record<string, number>>): HostPorts {
  const routes = services.flatMap(({ route }) => route ?? []);
  const names = [...routes.map(routeLabel), ...Object.keys(surroundings), "page"];
  const problems = Object.keys(asked)
    .filter((name) => !names.includes(name))
    .map((name) => `--port is for ${shown(name)}, which is none of the system: give ${names.join(", ")}`);
  const found = new Map(Object.entries(asked));
  const isTaken = (port: number) => [...found.values()].includes(port);
  for (const [index, name] of names.entries()) {
    if (found.has(name)) continue;
    let port = usualPorts[name] ?? routes[index]?.containerPort ?? 0;
    if (port < lowestForUsers) port += 8000;
    while (isTaken(port)) port += 1;
    found.set(name, port);
  }
  const twice = Object.entries(asked).filter(([name, port]) =>
    Object.entries(asked).some(([other, same]) => other < name && same === port),
  );
  problems.push(...twice.map(([name, port]) => `--port ${name}=${port} is asked for twice: give another port`));
  if (problems.length > 0) throw new UserError(`${problems.join("; ")}.`);
  return found;
}

export function localUrl(port: number | undefined): string {
  return `http://localhost:${port}`;
}

/** The URL here of each host that the system answers on, by the host's name. */
export function localUrls(services: readonly ServiceDefinition[], hostPortsOf: HostPorts): ReadonlyMap<string, string> {
  return new Map(
    services.flatMap(({ route }) => {
      if (route === undefined) return [];
      const label = routeLabel(route);
      const host = route.hostLabel === undefined ? hosts.app(placeholderDomain) : `${label}.${placeholderDomain}`;
      return [[host, localUrl(hostPortsOf.get(label))] as const];
    }),
  );
}

/** A container of a service that runs here, by the name that it has in the compose file. */
export interface Placed {
  readonly name: string;
  readonly service: ServiceDefinition;
  readonly container: Container;
}

/** Every container by a name of its own: that of the task definition, with the service's before it where two have it. */
export function placedContainers(services: readonly ServiceDefinition[]): Placed[] {
  const all = services.flatMap((service) => service.containers.map((container) => ({ service, container })));
  const count = (name: string) => all.filter(({ container }) => container.name === name).length;
  return all.map(({ service, container }) => ({
    name: count(container.name) === 1 ? container.name : `${service.name}-${container.name}`,
    service,
    container,
  }));
}

/** Fixed addresses in the network, in the order of the names. @param subnet `10.89.213.0/24` */
export function addresses(names: readonly string[], subnet: string): ReadonlyMap<string, string> {
  const prefix = subnetPrefix(subnet);
  // .1 is the gateway's.
  return new Map(names.map((name, index) => [name, `${prefix}.${index + 10}`]));
}

/** @throws UserError for what is no private network of 256 addresses */
export function subnetPrefix(subnet: string): string {
  const [, prefix = "", first = "", second = "", third = ""] =
    /^((10|172|192)\.(\d{1,3})\.(\d{1,3}))\.0\/24$/.exec(subnet) ?? [];
  const isPrivate =
    first === "10" ||
    (first === "172" && Number(second) >= 16 && Number(second) <= 31) ||
    (first === "192" && second === "168");
  if (!isPrivate || Number(second) > 255 || Number(third) > 255) {
    throw new UserError(
      `--subnet is ${shown(subnet)}: give a private network of 256 addresses, such as "10.89.213.0/24".`,
    );
  }
  return prefix;
}
