import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

/**
 * Which of the backend's requests X-Ray samples, and the group that collects their traces.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 *
 * `aws_xray_sampling_rule.ID`, `aws_xray_group.ID`
 */
export class Tracing extends Construct {
  readonly samplingRule: XraySamplingRule;
  readonly group: XrayGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { samplingRule, traceGroup, tracedService: serviceName } = namesOf(this);
    this.samplingRule = new XraySamplingRule(this, "SamplingRule", {
      ruleName: samplingRule,
      version: 1,
      priority: 9000,
      // Five requests a second, and a tenth of those beyond.
      reservoirSize: 5,
      fixedRate: 0.1,
      serviceName,
      serviceType: "*",
      host: "*",
      httpMethod: "*",
      urlPath: "*",
      resourceArn: "*",
    });
    this.group = new XrayGroup(this, "Group", {
      groupName: traceGroup,
      filterExpression: `service("${serviceName}")`,
    });
  }
}
