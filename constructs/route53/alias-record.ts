import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { HostedZone } from "./hosted-zone";

export interface AliasRecordProps {
  readonly zone: HostedZone;
  /** Fully qualified, without trailing dot. */
  readonly name: string;
  /** What the record stands for, with the hosted zone that AWS gives it. */
  readonly target: { readonly dnsName: string; readonly zoneId: string };
}

/**
 * An A record that follows an AWS resource.
 *
 * `aws_route53_record.ID`
 */
export class AliasRecord extends Construct {
  readonly record: Route53Record;

  constructor(scope: Construct, id: string, { zone, name, target }: AliasRecordProps) {
    super(scope, id);
    this.record = new Route53Record(this, "Record", {
      zoneId: zone.zoneId,
      name,
      type: "A",
      alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: true },
    });
  }
}
