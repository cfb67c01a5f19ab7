import { SecurityGroup, type SecurityGroupEgress } from "@cdktf/provider-aws/lib/security-group";
import { namesOf } from "../../constructs/environment-names";
import { backendFlask } from "../../services/backend-flask";
import { isPublished, type ServiceDefinition } from "../../services/definition";
import { ports } from "../../services/names";
import { loadBalancerGroupOutput } from "../../stacks/network-outputs";
import { hardeningScope } from "../scope";
import type { Hardened, Step } from "../step";

const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
const { name: backend, containers } = backendFlask;
const [{ name: backendPort }] = containers;

/** Of the tasks beside the API's, which keep the group that they have shared: nothing is shut before tasks have moved. */
function besideGroup({ app: { network, vpc }, app }: Hardened): SecurityGroup {
  return new SecurityGroup(hardeningScope(app, "LocalBackend"), "cruddur_beside_sg", {
    name: namesOf(app).securityGroups.beside,
    description: "Security group for Cruddur services on ECS beside the API",
    vpcId: vpc.vpcId,
    ingress: [
      { ...everything, selfAttribute: true, description: "Each other" },
      { ...everything, securityGroups: [network.ecsSecurityGroupId], description: "Tasks of the API" },
      { ...everything, securityGroups: [network.loadBalancerSecurityGroupId], description: "The load balancer" },
    ],
    egress: [
      { ...everything, selfAttribute: true, description: "Each other" },
      {
        protocol: "tcp",
        fromPort: ports.https,
        toPort: ports.https,
        cidrBlocks: ["0.0.0.0/0"],
        description: "AWS, Honeycomb",
      },
    ],
  });
}

function moves({ name, grants }: ServiceDefinition): boolean {
  return name !== backend && grants !== undefined;
}

/** Where the step egressRules has narrowed what the API's tasks may call, the services that move stay within it. */
function letApiCall({ network, app }: Hardened): void {
  const { services } = network.securityGroups;
  const rules = services.egressInput as readonly SecurityGroupEgress[];
  if (rules.some(({ protocol, cidrBlocks }) => protocol === "-1" && cidrBlocks !== undefined)) return;
  const moved = [...app.services.values()].map(({ definition }) => definition).filter(moves);
  const published = moved.flatMap(({ containers }) => containers.flatMap((one) => one.ports.filter(isPublished)));
  const more = [...new Set(published.map(({ containerPort }) => containerPort))].map((port) => ({
    protocol: "tcp",
    fromPort: port,
    toPort: port,
    cidrBlocks: [network.vpc.vpc.cidrBlock],
    description: `Other services, port ${port}`,
  }));
  services.putEgress([...rules, ...more]);
}

export const localBackend: Step = {
  name: "localBackend",
  sets: "Envoy reaches the API at 127.0.0.1, and Service Connect no longer publishes the API. Services with grants in services/ move to a security group of their own, which may call neither the API nor the database.",
  plan: [
    "aws_ecs_service update network_configuration",
    "aws_ecs_service update service_connect_configuration",
    "aws_ecs_task_definition revision",
    "aws_security_group create",
    "aws_security_group update egress",
  ],
  effect:
    "Each service replaces its tasks. Someone who breaks into nginx, the authorizer or the collector can reach neither the database nor the API behind Envoy, and so can't pose as a user.",
  cost: "none",
  needs:
    'An image of Envoy that is rendered with this step, which comes by itself with "images": { "deploy": "hash" }. A service of yours that calls backend-flask.cruddur calls the public host first.',
  back: "Leave it out, and deploy the stack app first (bin/deploy app), then network: the rules by which the API's tasks call the other services go last.",
  problems: ({ settings: { images } }) =>
    images.deploy === "hash"
      ? []
      : [
          'the Envoy that is deployed would look for the app where it no longer is: set images.deploy to "hash", so that its image changes with the services',
        ],
  apply: (hardened) => {
    const { network, app } = hardened;
    const { loadBalancer } = network.securityGroups;
    network.addOutput(loadBalancerGroupOutput, loadBalancer.id, "Security group of the load balancer.");
    letApiCall(hardened);
    const group = besideGroup(hardened);
    for (const { definition, service } of app.services.values()) {
      if (definition.name === backend) {
        const { serviceInput: published } = service.serviceConnectConfiguration;
        if (Array.isArray(published))
          service.serviceConnectConfiguration.putService(published.filter(({ portName }) => portName !== backendPort));
      } else if (moves(definition)) service.networkConfiguration.securityGroups = [group.id];
    }
  },
};
