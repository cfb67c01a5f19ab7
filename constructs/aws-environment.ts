import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { oldestTerraform } from "../terraform/oldest-terraform";
import type { Variables } from "./terraform/variables";

export interface AwsEnvironmentProps {
  readonly variables: Variables;
  /** Terraform's constraint on the version of hashicorp/aws. */
  readonly providerVersion: string;
  /** The only accounts that are touched. @default any */
  readonly allowedAccountIds?: readonly string[];
  /** On every resource that takes tags. @default none */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/**
 * The AWS provider of a stack. Region and credentials come from the environment or the profile; the three variables
 * narrow that down where a team sets them.
 */
export class AwsEnvironment extends Construct {
  readonly provider: AwsProvider;

  constructor(stack: TerraformStack, id: string, props: AwsEnvironmentProps) {
    super(stack, id);
    const { variables, providerVersion, allowedAccountIds = [], defaultTags = {} } = props;
    this.provider = new AwsProvider(this, "aws", {
      profile: variables.value("aws_profile"),
      sharedConfigFiles: Fn.compact([variables.value("aws_shared_config_file")]),
      // Another account is refused before anything is read or changed in it.
      allowedAccountIds: allowedAccountIds.length > 0 ? [...allowedAccountIds] : undefined,
      defaultTags: Object.keys(defaultTags).length > 0 ? [{ tags: literal(defaultTags) }] : undefined,
      sharedCredentialsFiles: Fn.compact([variables.value("aws_shared_credentials_file")]),
    });
    // The bindings ask for exactly the version they were generated from; the resources use none but older arguments.
    stack.addOverride("terraform.required_version", `>= ${oldestTerraform}`);
    stack.addOverride("terraform.required_providers.aws.version", providerVersion);
  }
}

/** Text that Terraform takes as it is, not as an expression. */
function literal(values: Readonly<Record<string, string>>): Record<string, string> {
  const escaped = (text: string) => text.replace(/[$%](?=\{)/g, "$&$&");
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [escaped(key), escaped(value)]));
}
