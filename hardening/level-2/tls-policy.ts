import type { Step } from "../step";

/** TLS 1.3 and 1.2 with forward secrecy: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const policy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

export const tlsPolicy: Step = {
  name: "tlsPolicy",
  sets: "TLS 1.2 or 1.3 at the load balancer, with forward secrecy.",
  plan: ["aws_lb_listener update ssl_policy"],
  effect: "Clients that speak TLS 1.0 and 1.1 alone no longer connect: browsers from before 2014.",
  cost: "none",
  closes: ["CKV_AWS_103", "CKV2_AWS_74"],
  apply: ({ network }) => {
    network.loadBalancer.httpsListener.sslPolicy = policy;
  },
};
