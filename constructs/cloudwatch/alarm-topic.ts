import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import type { AwsAccount } from "../aws-account";
import { namesOf } from "../environment-names";
import { policyDocument } from "../iam/policy-document";

export interface AlarmTopicProps {
  /** Each is asked by AWS to confirm. */
  readonly emails: readonly string[];
}

/**
 * Where alarms go.
 *
 * `aws_sns_topic.ID`, `aws_sns_topic_policy.ID`, `aws_sns_topic_subscription.ID["ADDRESS"]`
 */
export class AlarmTopic extends Construct {
  readonly topic: SnsTopic;
  readonly policy: SnsTopicPolicy;
  readonly arn: string;
  /** One block, iterated over the addresses; absent where there are none. */
  readonly emails?: SnsTopicSubscription;

  constructor(scope: Construct, id: string, { emails }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new SnsTopic(this, "Topic", { name: namesOf(this).alarmTopic });
    this.arn = this.topic.arn;
    this.policy = new SnsTopicPolicy(this, "Policy", {
      arn: this.arn,
      // A policy takes the place of the one by which the account's own services may publish.
      policy: policyDocument(
        {
          Effect: "Allow",
          Action: "sns:Publish",
          Resource: this.arn,
          Principal: { Service: "cloudwatch.amazonaws.com" },
        },
        {
          Effect: "Allow",
          Action: "sns:Publish",
          Resource: this.arn,
          Principal: { Service: "events.amazonaws.com" },
        },
      ),
    });
    if (emails.length === 0) return;
    const each = TerraformIterator.fromList([...emails]);
    this.emails = new SnsTopicSubscription(this, "Emails", {
      forEach: each,
      topicArn: this.arn,
      protocol: "email",
      endpoint: each.value,
    });
  }
}

/** The topic's ARN, for a stack that isn't its own. */
export function alarmTopicArn(account: AwsAccount): string {
  const { region, accountId } = account;
  return `arn:aws:sns:${region}:${accountId}:${namesOf(account).alarmTopic}`;
}
