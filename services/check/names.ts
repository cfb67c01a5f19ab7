/** Names that AWS would refuse, or that the stacks have already. */
import { shown } from "../../lib/user-error";
import { routeName, type ServiceDefinition, targetGroupName, underscored } from "../definition";
import { takenIds } from "./taken-ids";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const ecsName = /^[A-Za-z0-9][\w-]{0,254}$/;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
const groupName = /^(?!-)(?!internal-)[A-Za-z0-9-]{1,32}(?<!-)$/;
const environmentName = /^[A-Z][A-Z0-9_]*$/;

export function nameProblems(service: ServiceDefinition): string[] {
  const { name, containers, route, ownSecrets = [] } = service;
  const problems: string[] = [];
  if (!ecsName.test(name)) {
    problems.push(
      `the service name ${shown(name)} isn't valid for ECS: give up to 255 letters, digits, - and _, such as "orders"`,
    );
  }
  const group = targetGroupName(service);
  if (route !== undefined && !groupName.test(group)) {
    problems.push(
      `${name} has the target group name ${shown(group)} (${group.length} characters): give at most 32 letters, digits and inner hyphens in targetGroupName`,
    );
  }
  for (const { name: container, ports } of containers) {
    if (!ecsName.test(container))
      problems.push(`${name} has the container name ${shown(container)}: give letters, digits, - and _`);
    for (const { name: port, containerPort } of ports) {
      if (!/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(port)) {
        problems.push(
          `${name}'s ${container} has the port name ${shown(port)}: give at most 64 lower-case letters, digits, _ and -`,
        );
      }
      if (!(Number.isInteger(containerPort) && containerPort >= 1 && containerPort <= 65_535)) {
        problems.push(
          `${name}'s ${container} has containerPort ${shown(containerPort)}: give a whole number from 1 to 65535`,
        );
      }
    }
  }
  if ((takenIds.app as readonly string[]).includes(underscored(name))) {
    problems.push(`the service name ${shown(name)} is taken by another part of the app stack: give another one`);
  }
  if (route !== undefined && (takenIds.network as readonly string[]).includes(routeName(route))) {
    problems.push(
      `${name}'s route is called ${shown(routeName(route))}, which another part of the network stack is: give another hostLabel or apexRecord`,
    );
  }
  for (const secret of ownSecrets) {
    if (!environmentName.test(secret)) {
      problems.push(
        `${name} has the own secret ${shown(secret)}: give capital letters, digits and _, such as "ORDERS_API_KEY"`,
      );
    }
  }
  return problems;
}
