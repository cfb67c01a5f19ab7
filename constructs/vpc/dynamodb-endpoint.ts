import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { type RegionAttribute, regionName } from "../aws-account";
import { namesOf } from "../environment-names";

export interface DynamoDbEndpointProps {
  readonly vpcId: string;
  /** @default "name" */
  readonly regionAttribute?: RegionAttribute;
}

/**
 * A gateway through which the VPC reaches DynamoDB. It names no route tables, as the state has it.
 *
 * `aws_vpc_endpoint.ID`, `data.aws_region.current`
 */
export class DynamoDbEndpoint extends Construct {
  readonly currentRegion: DataAwsRegion;
  readonly endpoint: VpcEndpoint;

  constructor(scope: Construct, id: string, { vpcId, regionAttribute }: DynamoDbEndpointProps) {
    super(scope, id);
    this.currentRegion = new DataAwsRegion(this, "current");
    this.endpoint = new VpcEndpoint(this, "Endpoint", {
      vpcId,
      serviceName: `com.amazonaws.${regionName(this.currentRegion, regionAttribute)}.dynamodb`,
      vpcEndpointType: "Gateway",
      tags: { Name: namesOf(this).dynamoDbEndpoint },
    });
  }
}
