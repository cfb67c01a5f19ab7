import { synth } from "../../../../tools/testing";

/** A rule as Terraform takes it in a list: with every attribute. */
function rule(some: Readonly<Record<string, unknown>>) {
  return {
    cidr_blocks: null,
    description: null,
    ipv6_cidr_blocks: null,
    prefix_list_ids: null,
    security_groups: null,
    self: null,
    ...some,
  };
}

const all = { protocol: "-1", from_port: 0, to_port: 0 };
const tcp = (port: number) => ({ protocol: "tcp", from_port: port, to_port: port });
const common = { vpc_id: "${data.aws_vpc.default.id}", egress: [rule({ ...all, cidr_blocks: ["0.0.0.0/0"] })] };

describe("SecurityGroups", () => {
  const { network } = synth();

  test("let the world to the load balancer, by HTTP and HTTPS", () => {
    expect(network.resource("aws_security_group.alb_sg")).toEqual({
      ...common,
      name: "cruddur-alb-sg",
      description: "Security group for Cruddur LBs",
      ingress: [
        rule({ ...tcp(80), cidr_blocks: ["0.0.0.0/0"], description: "HTTP" }),
        rule({ ...tcp(443), cidr_blocks: ["0.0.0.0/0"], description: "HTTPS" }),
      ],
    });
  });

  test("let the load balancer and the tasks to the tasks", () => {
    expect(network.resource("aws_security_group.cruddur_ecs_sg")).toEqual({
      ...common,
      name: "cruddur-ecs-sg",
      description: "Security group for Cruddur services on ECS",
      ingress: [
        rule({ ...all, self: true }),
        rule({ ...all, security_groups: ["${aws_security_group.alb_sg.id}"], description: "cruddur-alb" }),
      ],
    });
  });

  test("let the tasks alone to the database", () => {
    expect(network.resource("aws_security_group.rds")).toEqual({
      ...common,
      name: "cruddur-rds-sg",
      description: "Security group for Cruddur RDS DB",
      ingress: [rule({ ...tcp(5432), security_groups: ["${aws_security_group.cruddur_ecs_sg.id}"] })],
    });
  });

  test("let what has no group to its like alone", () => {
    expect(network.resource("aws_default_security_group.default")).toEqual({
      ...common,
      ingress: [rule({ ...all, self: true })],
    });
  });
});
