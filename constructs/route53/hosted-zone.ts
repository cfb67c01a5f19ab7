import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Construct } from "constructs";

export interface HostedZoneProps {
  readonly domain: string;
}

/**
 * The domain's hosted zone, looked up: it belongs to another state.
 *
 * `data.aws_route53_zone.ID`
 */
export class HostedZone extends Construct {
  readonly zone: DataAwsRoute53Zone;
  readonly zoneId: string;
  readonly domain: string;

  constructor(scope: Construct, id: string, { domain }: HostedZoneProps) {
    super(scope, id);
    this.domain = domain;
    this.zone = new DataAwsRoute53Zone(this, "Zone", { name: domain });
    this.zoneId = this.zone.zoneId;
  }
}
