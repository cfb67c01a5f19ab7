import { Fn, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import type { BuildDeployment, ImageDefinition } from "../../images/definitions";
import { imageTag, taggedParts, tagLength } from "../../images/tag";
import { underscored } from "../../services/definition";
import type { AwsAccount } from "../aws-account";
import { terraformName } from "../terraform/addressed-stack";
import { jsonDocument } from "../terraform/json-document";
import type { Variables } from "../terraform/variables";

/** What build arguments are made of, as expressions of the stack. */
export function buildDeployment({ region }: AwsAccount, variables: Variables, domain: string): BuildDeployment {
  return {
    domain,
    region,
    userPoolId: variables.value("cognito_user_pool_id"),
    userPoolClientId: variables.value("cognito_user_pool_client_id"),
  };
}

export interface ImageTagProps {
  /** Hash of the image's context. */
  readonly content: string;
  readonly buildArguments: ImageDefinition["buildArguments"];
  readonly deployment: BuildDeployment;
}

/**
 * The tag of an image by its content. Without build arguments it is known at synth. Those are expressions (the domain is
 * a variable), so Terraform puts content and arguments together: the tag is known at plan.
 *
 * `local.ID`, for an image with build arguments
 */
export class ImageTag extends Construct {
  readonly value: string;
  readonly buildArguments: Readonly<Record<string, string>> | undefined;
  /** Absent without build arguments. */
  readonly local?: TerraformLocal;

  constructor(scope: Construct, id: string, { content, buildArguments, deployment }: ImageTagProps) {
    super(scope, id);
    this.buildArguments = buildArguments?.(deployment);
    if (this.buildArguments === undefined) {
      this.value = imageTag(content);
      return;
    }
    const hash = Fn.sha256(jsonDocument(taggedParts(content, this.buildArguments)));
    this.local = new TerraformLocal(this, "Tag", Fn.substr(hash, 0, tagLength));
    this.value = Token.asString(this.local.expression);
  }
}

/** The tag of one image, at `local.REPOSITORY_tag` where it is a local value. */
export function imageTagOf(
  scope: Construct,
  { repository, content, buildArguments }: Omit<ImageTagProps, "deployment"> & { readonly repository: string },
  deployment: BuildDeployment,
): ImageTag {
  return new ImageTag(scope, terraformName(`${underscored(repository)}_tag`), { content, buildArguments, deployment });
}
