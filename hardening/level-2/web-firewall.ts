import { commonRules, countedRules, WebAcl } from "../../constructs/waf/web-acl";
import { hardeningScope } from "../scope";
import type { Hardened, Step } from "../step";

const id = "cruddur";

/** The firewall, where the step is taken. */
export function webFirewallOf({ network }: Pick<Hardened, "network">): WebAcl | undefined {
  const acl = hardeningScope(network, "WebFirewall").node.tryFindChild(id);
  return acl instanceof WebAcl ? acl : undefined;
}

interface Rule {
  readonly name?: string;
  readonly statement?: {
    readonly managed_rule_group_statement?: {
      readonly rule_action_override?: readonly { readonly name: string; readonly action_to_use: object }[];
    };
  };
}

/** Body rules that block, after all that a team's additions have changed. */
function blockingRules(hardened: Hardened): string[] {
  const firewall = webFirewallOf(hardened);
  if (firewall === undefined) return [];
  const { resource } = firewall.acl.toTerraform() as {
    resource: Record<string, Record<string, { rule?: readonly Rule[] }>>;
  };
  const [{ rule: rules = [] } = {}] = Object.values(resource.aws_wafv2_web_acl ?? {});
  const common = rules.find(({ name }) => name === commonRules)?.statement?.managed_rule_group_statement;
  if (common === undefined) return [];
  const counted = (common.rule_action_override ?? []).flatMap((one) => ("count" in one.action_to_use ? one.name : []));
  return countedRules.filter((rule) => !counted.includes(rule));
}

export const webFirewall: Step = {
  name: "webFirewall",
  sets: "AWS WAF before the load balancer, with AWS's rules on known bad addresses, known bad inputs and common attacks.",
  plan: ["aws_wafv2_web_acl create", "aws_wafv2_web_acl_association create"],
  effect:
    "Attacks get 403. Rules that look into bodies only count, as they would block traces, long posts, and posts about code; so do the rules on anonymous addresses, which users behind a VPN have.",
  cost: "medium",
  costWhy: "5 for the firewall, 1 a rule group, 0.60 a million requests.",
  closes: ["CKV2_AWS_28", "CKV2_AWS_76"],
  problems: (hardened) => {
    const blocking = blockingRules(hardened);
    return blocking.length === 0
      ? []
      : [`${blocking.join(", ")} would block the app's own requests: let them count in rule_action_override`];
  },
  apply: ({ network }) => {
    new WebAcl(hardeningScope(network, "WebFirewall"), id, { resourceArn: network.loadBalancer.lb.arn });
  },
};
