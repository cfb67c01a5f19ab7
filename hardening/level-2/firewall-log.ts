import { logBucketPrefix } from "../../constructs/waf/web-acl";
import type { Step } from "../step";
import { webFirewallOf } from "./web-firewall";

export const firewallLog: Step = {
  name: "firewallLog",
  sets: "The firewall writes each request that it looks at, and which rules it met, into the bucket hardening.firewallLogsBucket, without tokens and cookies.",
  plan: ["aws_wafv2_web_acl_logging_configuration create"],
  effect:
    "Nobody notices. You see which requests a rule would have blocked. The log holds the addresses of your users: mind how long the bucket keeps them.",
  cost: "low",
  costWhy: "What the bucket holds.",
  needs: `A bucket in the load balancer's region whose name begins with ${logBucketPrefix}. AWS adds the delivery of logs to its policy, so whoever deploys needs s3:GetBucketPolicy and s3:PutBucketPolicy on it, and logs:CreateLogDelivery (https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html).`,
  closes: ["CKV2_AWS_31"],
  follows: "webFirewall",
  problems: ({ settings: { hardening } }) =>
    hardening.firewallLogsBucket === undefined
      ? ["there is no bucket for it: name one in the setting hardening.firewallLogsBucket"]
      : [],
  apply: (hardened) => {
    const { firewallLogsBucket: bucket } = hardened.settings.hardening;
    if (bucket !== undefined) webFirewallOf(hardened)?.logTo(bucket);
  },
};
