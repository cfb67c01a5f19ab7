import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Construct } from "constructs";
import { ecrRegistry } from "../services/images";

/**
 * Account and region that Terraform runs against, looked up.
 *
 * `data.aws_caller_identity.ID`, `data.aws_region.ID`
 */
export class AwsAccount extends Construct {
  readonly accountId: string;
  readonly region: string;
  /** Host of the account's own image registry. */
  readonly registry: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.accountId = new DataAwsCallerIdentity(this, "Identity").accountId;
    this.region = new DataAwsRegion(this, "Region").name;
    this.registry = ecrRegistry(this.accountId, this.region);
  }
}
