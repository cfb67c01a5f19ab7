/** What must be there only once in the list. */
import { shown } from "../../lib/user-error";
import { routeName, type ServiceDefinition, targetGroupName, underscored } from "../definition";

/** One thing that must be the same nowhere else in the list. */
export interface Unique {
  readonly what: string;
  readonly value: string;
  readonly service: string;
}

export function twice(uniques: readonly Unique[]): string[] {
  const first = new Map<string, Unique>();
  return uniques.flatMap((one) => {
    const key = `${one.what} ${one.value}`;
    const other = first.get(key);
    first.set(key, other ?? one);
    if (other === undefined) return [];
    const where =
      other.service === one.service ? `twice in ${one.service}` : `in ${other.service} and in ${one.service}`;
    return [`the ${one.what} ${shown(one.value)} is there ${where}: give each its own`];
  });
}

export function uniquesOf(service: ServiceDefinition): Unique[] {
  const { name, containers, route, ownSecrets = [] } = service;
  const unique = (what: string, value: string): Unique => ({ what, value, service: name });
  return [
    unique("service name", name),
    // ECS takes upper and lower case apart, and `-` and `_`; Terraform names and DNS don't.
    unique("Terraform name", underscored(name)),
    ...containers.map((container) => unique(`container name of ${name}`, container.name)),
    ...containers.flatMap(({ ports }) =>
      ports.map(({ containerPort, protocol = "tcp" }) => unique(`${protocol} port of ${name}`, String(containerPort))),
    ),
    ...containers.flatMap(({ ports }) => ports.map((port) => unique("port name", port.name))),
    ...ownSecrets.map((secret) => unique("own secret", secret)),
    ...(route === undefined
      ? []
      : [
          unique("target group name", targetGroupName(service)),
          route.apexRecord === undefined ? unique("host label", route.hostLabel) : unique("route", "apex"),
          unique("record's Terraform name", routeName(route)),
          ...(route.priority === undefined ? [] : [unique("rule priority", String(route.priority))]),
        ]),
  ];
}
