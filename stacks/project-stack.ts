import { type TerraformBackend, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsEnvironment } from "../constructs/aws-environment";
import { setEnvironment } from "../constructs/environment-names";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { stateBackend } from "../constructs/terraform/state-backend";
import { Variables } from "../constructs/terraform/variables";
import { hostsDomain } from "../services/aws-names";
import type { StackId } from "../services/names";
import { type AwsProviderForm, awsProviderForm } from "../settings/aws-provider";
import type { Settings } from "../settings/schema";
import { lockedVersion } from "../terraform/provider-lock";

export interface ProjectStackProps {
  /** The project's folder. */
  readonly project: string;
  readonly settings: Settings;
  /** Names of the variables of services' own secrets. @default none */
  readonly secretVariables?: readonly string[];
}

/** What each stack of the project has: its state backend, Terraform's variables, the AWS provider and outputs. */
export class ProjectStack extends AddressedStack {
  readonly backend: TerraformBackend;
  readonly variables: Variables;
  readonly aws: AwsEnvironment;
  /** Below which the hosts are. */
  readonly hostsDomain: string;
  /** How the AWS provider wants to have written what its versions name differently. */
  protected readonly awsForm: AwsProviderForm;
  /** By name. */
  readonly outputs: ReadonlyMap<string, TerraformOutput>;
  readonly #added = new Map<string, TerraformOutput>();

  constructor(scope: Construct, id: StackId, { project, settings, secretVariables }: ProjectStackProps) {
    super(scope, id);
    setEnvironment(this, settings.environment);
    this.outputs = this.#added;
    this.backend = stateBackend(this, { ...settings, project });
    this.variables = new Variables(this, "Variables", { stack: id, secrets: secretVariables });
    this.hostsDomain = hostsDomain(this.variables.value("cruddur_dns_name"), settings);
    this.awsForm = awsProviderForm(settings.awsProviderVersion, lockedVersion(project, "hashicorp/aws"));
    this.aws = new AwsEnvironment(this, "Aws", {
      variables: this.variables,
      providerVersion: settings.awsProviderVersion,
      allowedAccountIds: settings.allowedAccountIds,
      defaultTags: settings.defaultTags,
    });
  }

  addOutput(name: string, value: unknown, description: string): void {
    this.#added.set(name, new TerraformOutput(this, name, { value, description }));
  }
}
