/** The containers of a task: how many, their ports and variables. */
import { shown } from "../../lib/user-error";
import { isPublished, type ServiceDefinition } from "../definition";

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const maximumContainers = 10;

/** What ECS would refuse of a task's containers together. */
export function containerProblems({ name, containers }: ServiceDefinition): string[] {
  const problems: string[] = [];
  if (containers.length > maximumContainers) {
    problems.push(`${name} has ${containers.length} containers: ECS takes at most ${maximumContainers} a task`);
  }
  for (const { name: container, ports, environment, secrets = [] } of containers) {
    for (const port of ports) {
      if (port.protocol === "udp" && isPublished(port)) {
        problems.push(`${name}'s ${container} publishes the UDP port ${shown(port.name)}: Service Connect is for TCP`);
      }
    }
    const variables = Object.keys(environment?.({ domain: "DOMAIN", region: "REGION" }) ?? {});
    const both = [...variables, ...secrets].filter((variable, index, all) => all.indexOf(variable) !== index);
    for (const variable of new Set(both)) {
      problems.push(
        `${name}'s ${container} gets the variable ${shown(variable)} twice: give it in environment or in secrets, once`,
      );
    }
  }
  return problems;
}
