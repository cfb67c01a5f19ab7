import type { SecurityGroupEgress } from "@cdktf/provider-aws/lib/security-group";
import { ports } from "../../services/names";
import type { Hardened, Step } from "../step";

const tcp = (port: number, description: string): SecurityGroupEgress => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  description,
});

/** The ports to which the load balancer sends requests and health checks. */
function targetPorts({ network }: Hardened): number[] {
  const groups = [...network.routes.values()].map(({ targetGroup }) => targetGroup);
  const numbers = groups.flatMap(({ portInput, healthCheck }) => [portInput, Number(healthCheck.portInput)]);
  return [...new Set(numbers)].filter((port): port is number => Number.isInteger(port)).sort((a, b) => a - b);
}

/** By address ranges: a rule that names another group would close a circle, as inline rules name each other's groups already. */
export const egressRules: Step = {
  name: "egressRules",
  sets: "Who may call whom: the load balancer the tasks' ports, the tasks each other, the database, and HTTPS anywhere, the database nobody.",
  plan: ["aws_security_group update egress"],
  effect: "A task that calls another port of another host than 443, such as SMTP's 587, no longer reaches it.",
  cost: "none",
  needs: "A rule in additions/network.ts for each further port that a service of yours calls.",
  closes: ["CKV_AWS_382"],
  apply: (hardened) => {
    const { network } = hardened;
    const vpc = [network.vpc.vpc.cidrBlock];
    const { loadBalancer, services, database } = network.securityGroups;
    loadBalancer.putEgress(
      targetPorts(hardened).map((port) => ({ ...tcp(port, `Tasks, port ${port}`), cidrBlocks: vpc })),
    );
    services.putEgress([
      { protocol: "-1", fromPort: 0, toPort: 0, selfAttribute: true, description: "Tasks among each other" },
      { ...tcp(ports.postgres, "The database"), cidrBlocks: vpc },
      { ...tcp(ports.https, "AWS, Honeycomb, Rollbar"), cidrBlocks: ["0.0.0.0/0"] },
    ]);
    database.putEgress([]);
  },
};
