import { synth } from "../../support/synth";

describe("the network stack", () => {
  const { network } = synth();

  test("lets the world into the load balancer, it into the tasks, and the tasks into the database", () => {
    expect(network.block("aws_security_group.alb_sg").ingress).toMatchObject([
      { from_port: 80, to_port: 80, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"], description: "HTTP" },
      { from_port: 443, to_port: 443, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"], description: "HTTPS" },
    ]);
    expect(network.block("aws_security_group.cruddur_ecs_sg").ingress).toMatchObject([
      { from_port: 0, to_port: 0, protocol: "-1", self: true },
      { from_port: 0, to_port: 0, protocol: "-1", security_groups: ["${aws_security_group.alb_sg.id}"] },
    ]);
    expect(network.block("aws_security_group.rds").ingress).toMatchObject([
      { from_port: 5432, to_port: 5432, protocol: "tcp", security_groups: ["${aws_security_group.cruddur_ecs_sg.id}"] },
    ]);
  });

  test("takes region and zone from look-ups and the domain from the variable", () => {
    expect(network.block("aws_vpc_endpoint.dynamodb").service_name).toBe(
      "com.amazonaws.${data.aws_region.current.name}.dynamodb",
    );
    expect(network.block("data.aws_route53_zone.cruddur_route53_zone").name).toBe("${var.cruddur_dns_name}");
    expect(JSON.stringify(network.json)).not.toContain("us-east-1");
  });

  test("gives the app what it reads, by legible names", () => {
    expect(network.block("output.ecs_security_group_id").value).toBe("${aws_security_group.cruddur_ecs_sg.id}");
    expect(network.block("output.rds_security_group_id").value).toBe("${aws_security_group.rds.id}");
    expect(network.block("output.target_group_arns").value).toEqual({
      "backend-flask": "${aws_lb_target_group.cruddur_backend_envoy_tg.arn}",
      "frontend-react-js": "${aws_lb_target_group.frontend_react_js_tg.arn}",
      "otel-collector": "${aws_lb_target_group.otel_collector_tg.arn}",
    });
    expect(network.block("output.domain_names").value).toEqual({
      "backend-flask": "api.${var.cruddur_dns_name}",
      "frontend-react-js": "${var.cruddur_dns_name}",
      "otel-collector": "otel-collector.${var.cruddur_dns_name}",
    });
  });

  test("keeps its state out of the output folder, by a path without the machine", () => {
    expect(network.json.terraform.backend.local.path).toMatch(/^(\.\.\/)+(.*\/)?terraform\.network\.tfstate$/);
  });

  test("narrows the subnets down by a setting", () => {
    const { network: narrowed, app } = synth({ settings: { subnetFilters: { "availability-zone": ["eu-west-1a"] } } });
    for (const stack of [narrowed, app]) {
      expect(stack.block("data.aws_subnets.default").filter).toEqual([
        { name: "vpc-id", values: ["${data.aws_vpc.default.id}"] },
        { name: "availability-zone", values: ["eu-west-1a"] },
      ]);
    }
  });
});
