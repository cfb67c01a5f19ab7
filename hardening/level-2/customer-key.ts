import { namesOf } from "../../constructs/environment-names";
import { CustomerKey } from "../../constructs/kms/customer-key";
import { hardeningScope } from "../scope";
import type { Step } from "../step";

export const customerKey: Step = {
  name: "customerKey",
  sets: "A key of your own, renewed each year, encrypts the table of messages, the logs and the secrets' parameters.",
  plan: [
    "aws_cloudwatch_log_group update kms_key_id",
    "aws_dynamodb_table update server_side_encryption",
    "aws_kms_alias create",
    "aws_kms_key create",
    "aws_ssm_parameter update key_id",
  ],
  effect: "Nobody notices. Each use of the key is in CloudTrail, and you can take it away.",
  cost: "low",
  costWhy: "1 for the key, 0.03 for 10,000 uses.",
  closes: ["CKV_AWS_119", "CKV_AWS_158", "CKV_AWS_337"],
  back: "Leave it out: table and parameters are encrypted with AWS's keys again. The key is deleted after 30 days; log lines from that time can't be read without it, so cancel its deletion as long as you need them.",
  apply: ({ app }) => {
    const { accountId, region } = app.account;
    const logGroupArn = `arn:aws:logs:${region}:${accountId}:log-group:${namesOf(app).logGroup}`;
    const key = new CustomerKey(hardeningScope(app, "CustomerKey"), "cruddur", { account: app.account, logGroupArn });
    app.messages.table.putServerSideEncryption({ enabled: true, kmsKeyArn: key.arn });
    app.cluster.logGroup.kmsKeyId = key.arn;
    app.secrets.parameter.keyId = key.arn;
  },
};
