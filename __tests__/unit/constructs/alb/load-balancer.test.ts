import { frontendReactJs } from "../../../../services/frontend-react-js";
import { synth } from "../../../../tools/testing";

describe("LoadBalancer", () => {
  const { network } = synth();

  test("is an application load balancer, open to the internet, that a team may delete", () => {
    expect(network.resource("aws_lb.cruddur_backend_lb")).toEqual({
      name: "cruddur-backend-lb",
      internal: false,
      load_balancer_type: "application",
      security_groups: ["${aws_security_group.alb_sg.id}"],
      subnets: "${data.aws_subnets.default.ids}",
      enable_deletion_protection: false,
    });
  });

  test("redirects HTTP to HTTPS for good", () => {
    expect(network.resource("aws_lb_listener.http_to_https")).toEqual({
      load_balancer_arn: "${aws_lb.cruddur_backend_lb.arn}",
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
  });

  test("speaks HTTPS with the validated certificate, and sends what no rule takes to the frontend", () => {
    expect(network.resource("aws_lb_listener.main")).toEqual({
      load_balancer_arn: "${aws_lb.cruddur_backend_lb.arn}",
      port: 443,
      protocol: "HTTPS",
      certificate_arn: "${aws_acm_certificate_validation.cruddur.certificate_arn}",
      default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.frontend_react_js_tg.arn}" }],
    });
  });

  test("answers 404 where no service takes the domain itself", () => {
    const { network: bare } = synth({ services: (own) => own.filter((service) => service !== frontendReactJs) });
    expect(bare.resource("aws_lb_listener.main").default_action).toEqual([
      { type: "fixed-response", fixed_response: { content_type: "text/plain", status_code: "404" } },
    ]);
  });
});
