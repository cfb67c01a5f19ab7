import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Construct } from "constructs";
import { repositoryPrefix } from "../services/aws-names";
import { ecrRegistry } from "../services/images";
import { environmentOf } from "./environment-names";

/** The attribute of `data.aws_region` with the region's name: `region` since version 6 of the provider. */
export type RegionAttribute = "name" | "region";

/** The bindings are of version 5, which has no `region`. */
export function regionName(region: DataAwsRegion, attribute: RegionAttribute = "name"): string {
  return attribute === "name" ? region.name : region.getStringAttribute(attribute);
}

export interface AwsAccountProps {
  /** @default "name" */
  readonly regionAttribute?: RegionAttribute;
}

/**
 * Account and region that Terraform runs against, looked up.
 *
 * `data.aws_caller_identity.ID`, `data.aws_region.ID`
 */
export class AwsAccount extends Construct {
  readonly callerIdentity: DataAwsCallerIdentity;
  readonly currentRegion: DataAwsRegion;
  readonly accountId: string;
  readonly region: string;
  /** Host of the account's own image registry. */
  readonly registry: string;
  /** Where the environment's repositories are: that host, or `HOST/ENVIRONMENT`. */
  readonly ownImages: string;

  constructor(scope: Construct, id: string, { regionAttribute }: AwsAccountProps = {}) {
    super(scope, id);
    this.callerIdentity = new DataAwsCallerIdentity(this, "Identity");
    this.currentRegion = new DataAwsRegion(this, "Region");
    this.accountId = this.callerIdentity.accountId;
    this.region = regionName(this.currentRegion, regionAttribute);
    this.registry = ecrRegistry(this.accountId, this.region);
    this.ownImages = `${this.registry}/${repositoryPrefix(environmentOf(this))}`.replace(/\/$/, "");
  }
}
