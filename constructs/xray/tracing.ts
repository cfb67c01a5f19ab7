import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { Construct } from "constructs";

export interface TracingProps {
  /** The name under which the traced process reports. */
  readonly serviceName: string;
}

/**
 * Which of a service's requests X-Ray samples, and the group that collects their traces.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 *
 * `aws_xray_sampling_rule.ID`, `aws_xray_group.ID`
 */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, { serviceName }: TracingProps) {
    super(scope, id);
    new XraySamplingRule(this, "SamplingRule", {
      ruleName: "Cruddur",
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
    new XrayGroup(this, "Group", { groupName: "cruddur", filterExpression: `service("${serviceName}")` });
  }
}
