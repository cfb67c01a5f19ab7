/** A service's route: container, port, health check, host and priority. */
import { shown } from "../../lib/user-error";
import type { Container, ServiceDefinition } from "../definition";

/** One label of RFC 1035 section 2.3.1, in lower case as Route 53 keeps names: the certificate covers `*.DOMAIN`, no deeper. */
const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function hasPort({ ports }: Container, port: number): boolean {
  return ports.some(({ containerPort, protocol = "tcp" }) => containerPort === port && protocol === "tcp");
}

export function routeProblems({ name, route, containers }: ServiceDefinition): string[] {
  if (route === undefined) return [];
  const problems: string[] = [];
  const { containerName = containers[0].name, containerPort, healthCheckPath, healthCheckPort = containerPort } = route;
  const container = containers.find((one) => one.name === containerName);
  const ports = containers.flatMap((one) => one.ports.map(({ containerPort: port }) => port)).join(", ") || "none";
  if (container === undefined) {
    const names = containers.map((one) => one.name).join(", ");
    problems.push(`${name}'s route goes to the container ${shown(containerName)}: the service has ${names}`);
  } else if (!hasPort(container, containerPort)) {
    problems.push(
      `${name}'s route goes to port ${containerPort} of ${containerName}, which has no such TCP port: the service has ${ports}`,
    );
  }
  if (!containers.some((one) => hasPort(one, healthCheckPort))) {
    problems.push(
      `${name}'s health check goes to port ${healthCheckPort}, which no container has: the service has ${ports}`,
    );
  }
  if (!/^\/\S{0,1023}$/.test(healthCheckPath)) {
    problems.push(`${name} has healthCheckPath ${shown(healthCheckPath)}: give a path that begins with /`);
  }
  if (route.hostLabel !== undefined && !hostLabel.test(route.hostLabel)) {
    problems.push(
      `${name} has hostLabel ${shown(route.hostLabel)}: give one label of letters, digits and inner hyphens in lower case, such as "orders"`,
    );
  }
  const { priority } = route;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 50_000)) {
    problems.push(`${name} has priority ${shown(priority)}: give a whole number from 1 to 50000`);
  }
  return problems;
}
