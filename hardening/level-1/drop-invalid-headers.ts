import type { Step } from "../step";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
export const dropInvalidHeaders: Step = {
  name: "dropInvalidHeaders",
  sets: "The load balancer drops request headers whose names have other characters than letters, digits and hyphens.",
  plan: ["aws_lb update drop_invalid_header_fields"],
  effect: "Nobody notices, unless a client of yours sends headers with underscores or dots: these no longer arrive.",
  cost: "none",
  closes: ["CKV_AWS_131"],
  apply: ({ network }) => {
    network.loadBalancer.lb.dropInvalidHeaderFields = true;
  },
};
