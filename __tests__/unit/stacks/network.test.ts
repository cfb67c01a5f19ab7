import { synth } from "../../../tools/testing";

describe("the network stack", () => {
  const { network } = synth();

  test("names no region, which look-ups tell", () => {
    expect(JSON.stringify(network.json)).not.toContain("us-east-1");
  });

  test("gives the app what it reads, by legible names", () => {
    expect(network.resource("output.ecs_security_group_id").value).toBe("${aws_security_group.cruddur_ecs_sg.id}");
    expect(network.resource("output.rds_security_group_id").value).toBe("${aws_security_group.rds.id}");
    expect(network.resource("output.target_group_arns").value).toEqual({
      "backend-flask": "${aws_lb_target_group.cruddur_backend_envoy_tg.arn}",
      "frontend-react-js": "${aws_lb_target_group.frontend_react_js_tg.arn}",
      "otel-collector": "${aws_lb_target_group.otel_collector_tg.arn}",
    });
    expect(network.resource("output.domain_names").value).toEqual({
      "backend-flask": "api.${var.cruddur_dns_name}",
      "frontend-react-js": "${var.cruddur_dns_name}",
      "otel-collector": "otel-collector.${var.cruddur_dns_name}",
    });
  });

  test("keeps its state out of the output folder, by a path without the machine", () => {
    expect(network.json.terraform.backend.local.path).toMatch(/^(\.\.\/)+(.*\/)?terraform\.network\.tfstate$/);
  });
});
