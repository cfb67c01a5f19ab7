import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Construct } from "constructs";

export interface DefaultVpcProps {
  /** Further EC2 filters on the subnets, name to values. @default all subnets of the VPC */
  readonly subnetFilters?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The account's default VPC and its subnets, looked up.
 *
 * `data.aws_vpc.ID`, `data.aws_subnets.ID`
 */
export class DefaultVpc extends Construct {
  readonly vpc: DataAwsVpc;
  readonly subnets: DataAwsSubnets;
  readonly vpcId: string;
  readonly subnetIds: string[];

  constructor(scope: Construct, id: string, { subnetFilters = {} }: DefaultVpcProps = {}) {
    super(scope, id);
    this.vpc = new DataAwsVpc(this, "Vpc", { default: true });
    this.subnets = new DataAwsSubnets(this, "Subnets", {
      filter: [
        { name: "vpc-id", values: [this.vpc.id] },
        ...Object.entries(subnetFilters).map(([name, values]) => ({ name, values: [...values] })),
      ],
    });
    this.vpcId = this.vpc.id;
    this.subnetIds = this.subnets.ids;
  }
}
