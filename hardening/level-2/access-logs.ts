import type { Step } from "../step";

export const accessLogs: Step = {
  name: "accessLogs",
  sets: "The load balancer writes each request into the bucket hardening.accessLogsBucket, below alb/.",
  plan: ["aws_lb update access_logs"],
  effect: "Nobody notices. The logs hold the addresses of your users: mind how long the bucket keeps them.",
  cost: "low",
  costWhy: "What the bucket holds.",
  needs:
    "A bucket in the load balancer's region with a policy that lets logdelivery.elasticloadbalancing.amazonaws.com put objects; ELB refuses any other (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).",
  closes: ["CKV_AWS_91"],
  problems: ({ settings: { hardening } }) =>
    hardening.accessLogsBucket === undefined
      ? ["there is no bucket for them: name one in the setting hardening.accessLogsBucket"]
      : [],
  apply: ({ network, settings: { hardening } }) => {
    const { accessLogsBucket: bucket } = hardening;
    if (bucket !== undefined) network.loadBalancer.lb.putAccessLogs({ enabled: true, bucket, prefix: "alb" });
  },
};
