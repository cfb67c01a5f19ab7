import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, Fn, type TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { oldestTerraform } from "../lib/oldest-terraform";
import type { Settings } from "../settings/schema";
import type { Variables } from "./terraform/variables";

export interface AwsEnvironmentProps {
  readonly variables: Variables;
  readonly settings: Settings;
}

/**
 * The AWS provider of a stack. Region and credentials come from the environment or the profile; the three variables
 * narrow that down where a team sets them.
 */
export class AwsEnvironment extends Construct {
  constructor(stack: TerraformStack, id: string, { variables, settings }: AwsEnvironmentProps) {
    super(stack, id);
    new AwsProvider(this, "aws", {
      profile: variables.value("aws_profile"),
      sharedConfigFiles: Fn.compact([variables.value("aws_shared_config_file")]),
      // Another account is refused before anything is read or changed in it.
      allowedAccountIds: settings.allowedAccountIds.length > 0 ? settings.allowedAccountIds : undefined,
      sharedCredentialsFiles: Fn.compact([variables.value("aws_shared_credentials_file")]),
    });
    // The bindings ask for exactly the version they were generated from; the resources use none but older arguments.
    // cdktf 0.21 renders this argument as nonsense in HCL.
    if (!App.of(stack).hclOutput) stack.addOverride("terraform.required_version", `>= ${oldestTerraform}`);
    stack.addOverride("terraform.required_providers.aws.version", settings.awsProviderVersion);
  }
}
