import { synth } from "../../../../tools/testing";

describe("HostRoute", () => {
  const { network } = synth();

  test.each([
    ["api", "cruddur_backend_envoy_tg", 100, "api"],
    ["otel_collector", "otel_collector_tg", 200, "otel-collector"],
  ])("leads the host of %s to %s by a rule", (id, targetGroup, priority, label) => {
    expect(network.resource(`aws_lb_listener_rule.${id}`)).toEqual({
      listener_arn: "${aws_lb_listener.main.arn}",
      priority,
      condition: [{ host_header: { values: [`${label}.\${var.cruddur_dns_name}`] } }],
      action: [{ type: "forward", target_group_arn: `\${aws_lb_target_group.${targetGroup}.arn}` }],
    });
  });

  test("needs no rule at the domain itself", () => {
    expect(network.managed().filter((address) => address.startsWith("aws_lb_listener_rule."))).toHaveLength(2);
  });

  test.each([
    ["api", "api.${var.cruddur_dns_name}"],
    ["otel_collector", "otel-collector.${var.cruddur_dns_name}"],
    ["app", "${var.cruddur_dns_name}"],
  ])("names the host of %s in the zone", (id, name) => {
    expect(network.resource(`aws_route53_record.${id}`)).toEqual({
      zone_id: "${data.aws_route53_zone.cruddur_route53_zone.zone_id}",
      name,
      type: "A",
      alias: {
        name: "${aws_lb.cruddur_backend_lb.dns_name}",
        zone_id: "${aws_lb.cruddur_backend_lb.zone_id}",
        evaluate_target_health: true,
      },
    });
  });

  test.each([
    ["cruddur_backend_envoy_tg", "cruddur-backend-envoy-tg", 8800, { path: "/api/health-check", protocol: "HTTP" }],
    ["frontend_react_js_tg", "frontend-react-js-tg", 80, { path: "/", protocol: "HTTP" }],
    ["otel_collector_tg", "otel-collector-tg", 4318, { path: "/", port: "13133", protocol: "HTTP" }],
  ])("registers tasks by address in %s, and probes them", (id, name, port, healthCheck) => {
    expect(network.resource(`aws_lb_target_group.${id}`)).toEqual({
      name,
      port,
      protocol: "HTTP",
      target_type: "ip",
      vpc_id: "${data.aws_vpc.default.id}",
      health_check: healthCheck,
    });
  });
});
