import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { AwsAccount } from "../aws-account";
import { namesOf } from "../environment-names";
import { policyDocument } from "../iam/policy-document";

export interface CustomerKeyProps {
  readonly account: AwsAccount;
  /** ARN of the log group that is encrypted with it. */
  readonly logGroupArn: string;
}

const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * A key of the account's own. Who may use table and parameters may use it through them, as with the keys of AWS, so that roles
 * which other deployments own go on working.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 *
 * `aws_kms_key.ID`, `aws_kms_alias.ID`
 */
export class CustomerKey extends Construct {
  readonly key: KmsKey;
  readonly alias: KmsAlias;
  readonly arn: string;

  constructor(scope: Construct, id: string, { account: { accountId, region }, logGroupArn }: CustomerKeyProps) {
    super(scope, id);
    const through = (service: string) => ({
      Effect: "Allow" as const,
      Action: [...use, "kms:CreateGrant"],
      Resource: "*",
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "kms:CallerAccount": accountId, "kms:ViaService": `${service}.${region}.amazonaws.com` },
      },
    });
    this.key = new KmsKey(this, "Key", {
      description: "Cruddur's table, logs and parameters.",
      enableKeyRotation: true,
      policy: policyDocument(
        {
          Effect: "Allow",
          Action: "kms:*",
          Resource: "*",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        },
        through("dynamodb"),
        through("ssm"),
        {
          Effect: "Allow",
          Action: use,
          Resource: "*",
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn } },
        },
      ),
    });
    this.alias = new KmsAlias(this, "Alias", { name: namesOf(this).keyAlias, targetKeyId: this.key.keyId });
    this.arn = this.key.arn;
  }
}
