import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

/**
 * Rules of the common set that look into bodies. The app's own requests would meet them: traces and posts are longer than 8 KB,
 * and users write about code and addresses. They are counted, not blocked.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export const countedRules = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericRFI_BODY", "GenericLFI_BODY"];

export const commonRules = "AWSManagedRulesCommonRuleSet";
const ruleGroups: readonly (readonly [name: string, counted: readonly string[]])[] = [
  ["AWSManagedRulesAmazonIpReputationList", []],
  [commonRules, countedRules],
  ["AWSManagedRulesKnownBadInputsRuleSet", []],
];

export interface WebAclProps {
  /** What it stands before. */
  readonly resourceArn: string;
}

/**
 * A web application firewall of AWS's own rule groups.
 *
 * `aws_wafv2_web_acl.ID`, `aws_wafv2_web_acl_association.ID`
 */
export class WebAcl extends Construct {
  readonly acl: Wafv2WebAcl;
  readonly association: Wafv2WebAclAssociation;

  constructor(scope: Construct, id: string, { resourceArn }: WebAclProps) {
    super(scope, id);
    const { webAcl } = namesOf(this);
    const visibility = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName,
    });
    this.acl = new Wafv2WebAcl(this, "WebAcl", {
      name: webAcl,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility(webAcl),
      rule: ruleGroups.map(([name, counted], priority) => ({
        name,
        priority,
        overrideAction: { none: {} },
        // The bindings pass statements on as they are: in Terraform's own names.
        statement: {
          managed_rule_group_statement: {
            name,
            vendor_name: "AWS",
            ...(counted.length > 0 && {
              rule_action_override: counted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
            }),
          },
        },
        visibilityConfig: visibility(name),
      })),
    });
    this.association = new Wafv2WebAclAssociation(this, "Association", { resourceArn, webAclArn: this.acl.arn });
  }
}
