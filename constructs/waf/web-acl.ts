import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

/**
 * Rules of the common set that look into bodies. The app's own requests would meet them: traces and posts are longer than 8 KB,
 * and users write about code and addresses. They are counted, not blocked.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export const countedRules = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericRFI_BODY", "GenericLFI_BODY"];

export const commonRules = "AWSManagedRulesCommonRuleSet";

interface RuleGroup {
  readonly name: string;
  /** Rules that count, and don't block. @default none */
  readonly counted?: readonly string[];
  /** Whether no rule of it blocks. @default false */
  readonly countedAlone?: boolean;
}

const ruleGroups: readonly RuleGroup[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  { name: commonRules, counted: countedRules },
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
  // Users behind a VPN have such addresses, too.
  { name: "AWSManagedRulesAnonymousIpList", countedAlone: true },
];

/** What no log has: who holds a token or a session is the user. */
const redactedHeaders = ["authorization", "cookie"];

export interface WebAclProps {
  /** What it stands before. */
  readonly resourceArn: string;
}

/** What S3 buckets for a firewall's log begin with. https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html */
export const logBucketPrefix = "aws-waf-logs-";

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
      rule: ruleGroups.map(({ name, counted = [], countedAlone = false }, priority) => ({
        name,
        priority,
        overrideAction: countedAlone ? { count: {} } : { none: {} },
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

  /**
   * Logs each request, without tokens and cookies. It makes `aws_wafv2_web_acl_logging_configuration.ID`.
   * @param bucket its name begins with `logBucketPrefix`
   */
  logTo(bucket: string): Wafv2WebAclLoggingConfiguration {
    return new Wafv2WebAclLoggingConfiguration(this, "Logging", {
      resourceArn: this.acl.arn,
      logDestinationConfigs: [`arn:aws:s3:::${bucket}`],
      redactedFields: redactedHeaders.map((name) => ({ singleHeader: { name } })),
    });
  }
}
