import { App, Testing } from "cdktf";
import { AwsEnvironment, type AwsEnvironmentProps } from "../../../constructs/aws-environment";
import { AddressedStack } from "../../../constructs/terraform/addressed-stack";
import { Variables } from "../../../constructs/terraform/variables";
import { oldestTerraform } from "../../../terraform/oldest-terraform";
import { SynthesizedStack, synth } from "../../../tools/testing";

function stackIn(root: App, more: Partial<AwsEnvironmentProps> = {}): AddressedStack {
  const stack = new AddressedStack(root, "app");
  const variables = new Variables(stack, "Variables", { stack: "app" });
  new AwsEnvironment(stack, "Aws", { variables, providerVersion: "~> 5.100", ...more });
  return stack;
}

const synthesized = (more?: Partial<AwsEnvironmentProps>) =>
  new SynthesizedStack("app", Testing.synth(stackIn(Testing.app(), more))).json;

describe("AwsEnvironment", () => {
  test("asks for the oldest Terraform that works, and for the provider that is chosen", () => {
    const { required_version: terraform, required_providers: providers } = synthesized().terraform;
    expect(terraform).toBe(`>= ${oldestTerraform}`);
    expect(providers).toEqual({ aws: { source: "aws", version: "~> 5.100" } });
  });

  test("asks for the same Terraform in HCL", () => {
    const root = new App({ outdir: Testing.app().outdir, hclOutput: true });
    expect(Testing.synthHcl(stackIn(root))).toContain(`  required_version = ">= ${oldestTerraform}"\n`);
  });

  test("takes profile and files from the variables, and touches any account unless some are named", () => {
    const provider = {
      profile: "${var.aws_profile}",
      shared_config_files: "${compact([var.aws_shared_config_file])}",
      shared_credentials_files: "${compact([var.aws_shared_credentials_file])}",
    };
    expect(synthesized().provider.aws).toEqual([provider]);
    const allowedAccountIds = ["123456789012"];
    expect(synthesized({ allowedAccountIds }).provider.aws).toEqual([
      { ...provider, allowed_account_ids: allowedAccountIds },
    ]);
  });
});

test("default tags are on the provider of both stacks, to the letter, and only where they are set", () => {
  const tags = { team: "cruddur", "cost:centre": "a ${b} %{c}" };
  const { network, app } = synth({ settings: { defaultTags: tags } });
  for (const stack of [network, app]) {
    expect(stack.json.provider.aws[0].default_tags).toEqual([
      { tags: { team: "cruddur", "cost:centre": "a $${b} %%{c}" } },
    ]);
  }
  expect(synth().app.json.provider.aws[0].default_tags).toBeUndefined();
});
