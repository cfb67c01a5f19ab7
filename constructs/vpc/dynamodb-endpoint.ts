import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";

export interface DynamoDbEndpointProps {
  readonly vpcId: string;
}

/**
 * A gateway through which the VPC reaches DynamoDB. It names no route tables, as the state has it.
 *
 * `aws_vpc_endpoint.ID`, `data.aws_region.current`
 */
export class DynamoDbEndpoint extends Construct {
  constructor(scope: Construct, id: string, { vpcId }: DynamoDbEndpointProps) {
    super(scope, id);
    const region = new DataAwsRegion(this, "current");
    new VpcEndpoint(this, "Endpoint", {
      vpcId,
      serviceName: `com.amazonaws.${region.name}.dynamodb`,
      vpcEndpointType: "Gateway",
      tags: { Name: "DynamoDB-Endpoint" },
    });
  }
}
