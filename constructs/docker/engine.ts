import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { Construct } from "constructs";

export interface DockerEngineProps {
  /** Host of the registry that is pushed to. */
  readonly registry: string;
  /** @default DOCKER_HOST of the environment, or the engine's usual socket */
  readonly host?: string;
}

/**
 * The Docker provider, logged in to ECR. The token opens the registry for twelve hours; Terraform keeps what it reads,
 * so state and saved plans of the stack hold it.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 *
 * `data.aws_ecr_authorization_token.ID`
 */
export class DockerEngine extends Construct {
  constructor(scope: Construct, id: string, { registry, host }: DockerEngineProps) {
    super(scope, id);
    const token = new DataAwsEcrAuthorizationToken(this, "Token");
    new DockerProvider(this, "Provider", {
      host,
      registryAuth: [{ address: registry, username: token.userName, password: token.password }],
    });
  }
}
