import { frontendReactJs } from "../../../../services/frontend-react-js";
import { synth } from "../../../support/synth";

describe("HostRoute", () => {
  const { network } = synth();

  test.each([
    ["api", "cruddur_backend_envoy_tg", 100, "api"],
    ["otel_collector", "otel_collector_tg", 200, "otel-collector"],
  ])("leads the host of %s to %s by a rule", (id, targetGroup, priority, label) => {
    expect(network.block(`aws_lb_listener_rule.${id}`)).toMatchObject({
      listener_arn: "${aws_lb_listener.main.arn}",
      priority,
      condition: [{ host_header: { values: [`${label}.\${var.cruddur_dns_name}`] } }],
      action: [{ type: "forward", target_group_arn: `\${aws_lb_target_group.${targetGroup}.arn}` }],
    });
    expect(network.block(`aws_route53_record.${id}`)).toMatchObject({
      name: `${label}.\${var.cruddur_dns_name}`,
      type: "A",
      alias: {
        name: "${aws_lb.cruddur_backend_lb.dns_name}",
        zone_id: "${aws_lb.cruddur_backend_lb.zone_id}",
        evaluate_target_health: true,
      },
    });
  });

  test("leads the domain itself to the frontend by the listener's default action", () => {
    expect(network.block("aws_lb_listener.main").default_action).toEqual([
      { type: "forward", target_group_arn: "${aws_lb_target_group.frontend_react_js_tg.arn}" },
    ]);
    expect(network.block("aws_route53_record.app").name).toBe("${var.cruddur_dns_name}");
  });

  test("probes the collector at its health-check port, the others at their own", () => {
    expect(network.block("aws_lb_target_group.otel_collector_tg").health_check).toEqual({
      path: "/",
      port: "13133",
      protocol: "HTTP",
    });
    expect(network.block("aws_lb_target_group.cruddur_backend_envoy_tg")).toMatchObject({
      name: "cruddur-backend-envoy-tg",
      port: 8800,
      health_check: { path: "/api/health-check", protocol: "HTTP" },
    });
  });

  test("without a service at the domain itself, the listener answers 404", () => {
    const { network: bare } = synth({ services: (own) => own.filter((service) => service !== frontendReactJs) });
    expect(bare.block("aws_lb_listener.main").default_action).toMatchObject([
      { type: "fixed-response", fixed_response: { status_code: "404" } },
    ]);
  });
});
