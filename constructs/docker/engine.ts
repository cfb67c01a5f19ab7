import { DataAwsEcrAuthorizationToken } from "@cdktf/provider-aws/lib/data-aws-ecr-authorization-token";
import { DockerProvider, type DockerProviderRegistryAuth } from "@cdktf/provider-docker/lib/provider";
import { Token } from "cdktf";
import { Construct } from "constructs";

export interface DockerEngineProps {
  /** Host of the registry that is pushed to; begins with `http://` where it has no TLS. */
  readonly registry: string;
  /** Whether that is ECR, and gets its token. */
  readonly isEcr: boolean;
  /** @default DOCKER_HOST of the environment, or the engine's usual socket */
  readonly host?: string;
}

/** Where `docker login` keeps what it was given. */
const dockerLogins = 'pathexpand("~/.docker/config.json")';

/**
 * The Docker provider, logged in to the registry. ECR's token opens it for twelve hours; Terraform keeps what it reads, so
 * state and saved plans of the stack hold it. Another registry never gets it: there the provider has the login of `docker
 * login`, or none where nobody has logged in to anything.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 *
 * `data.aws_ecr_authorization_token.ID`, for ECR
 */
export class DockerEngine extends Construct {
  readonly token?: DataAwsEcrAuthorizationToken;
  readonly provider: DockerProvider;

  constructor(scope: Construct, id: string, { registry, isEcr, host }: DockerEngineProps) {
    super(scope, id);
    let login: Omit<DockerProviderRegistryAuth, "address">;
    if (isEcr) {
      this.token = new DataAwsEcrAuthorizationToken(this, "Token");
      login = { username: this.token.userName, password: this.token.password };
    } else {
      // The provider fails on a file that isn't there, and on a registry that it has no entry for.
      login = { authDisabled: raw(`!fileexists(${dockerLogins})`) };
    }
    this.provider = new DockerProvider(this, "Provider", { host, registryAuth: [{ address: registry, ...login }] });
  }
}

/** An expression for a boolean, which cdktf has no tokens of. */
function raw(expression: string): DockerProviderRegistryAuth["authDisabled"] {
  return Token.asAny(`\${${expression}}`);
}
