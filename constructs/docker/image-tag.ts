import { Fn, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { imageTag, taggedParts, tagLength } from "../../images/content-hash";
import type { BuildDeployment, ImageDefinition } from "../../images/definitions";
import { terraformName } from "../../services/definition";
import type { AwsAccount } from "../aws-account";
import { jsonDocument } from "../terraform/json-document";
import type { Variables } from "../terraform/variables";

/** What build arguments are made of, as expressions of the stack. */
export function buildDeployment({ region }: AwsAccount, variables: Variables): BuildDeployment {
  return {
    domain: variables.value("cruddur_dns_name"),
    region,
    userPoolId: variables.value("cognito_user_pool_id"),
    userPoolClientId: variables.value("cognito_user_pool_client_id"),
  };
}

export interface ImageTagProps {
  readonly repository: string;
  /** Hash of the image's context. */
  readonly content: string;
  readonly buildArguments: ImageDefinition["buildArguments"];
  readonly deployment: BuildDeployment;
}

/**
 * The tag of an image by its content. Without build arguments it is known at synth. Those are expressions (the domain is
 * a variable), so Terraform puts content and arguments together: the tag is known at plan.
 *
 * `local.REPOSITORY_tag`, for an image with build arguments
 */
export class ImageTag extends Construct {
  readonly value: string;
  readonly buildArguments: Readonly<Record<string, string>> | undefined;

  constructor(scope: Construct, { repository, content, buildArguments, deployment }: ImageTagProps) {
    super(scope, `${terraformName(repository)}_tag`);
    this.buildArguments = buildArguments?.(deployment);
    if (this.buildArguments === undefined) {
      this.value = imageTag(content);
      return;
    }
    const hash = Fn.sha256(jsonDocument(taggedParts(content, this.buildArguments)));
    this.value = Token.asString(new TerraformLocal(this, "Tag", Fn.substr(hash, 0, tagLength)).expression);
  }
}
