/** What is asked of ECR before an engine pushes to it. */
import { DescribeRepositoriesCommand, type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { UserError } from "../lib/user-error";

export interface RegistryLogin {
  /** Host of the account's registry. */
  readonly registry: string;
  readonly username: string;
  /** Good for twelve hours. */
  readonly password: string;
  readonly expiresAt: Date | undefined;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html */
export async function registryLogin(client: ECRClient): Promise<RegistryLogin> {
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const [{ authorizationToken = "", proxyEndpoint = "", expiresAt } = {}] = authorizationData;
  const [username = "", ...password] = Buffer.from(authorizationToken, "base64").toString().split(":");
  if (password.length === 0 || !URL.canParse(proxyEndpoint)) {
    throw new UserError("ECR gave no token to log in with: try again, and check https://health.aws.amazon.com.");
  }
  return { registry: new URL(proxyEndpoint).host, username, password: password.join(":"), expiresAt };
}

/** @throws UserError where there is no such repository */
export async function requireRepository(client: ECRClient, repository: string, registry: string): Promise<void> {
  try {
    await client.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  } catch (error) {
    if ((error as Error).name !== "RepositoryNotFoundException") throw error;
    throw new UserError(
      `There is no repository ${repository} in ${registry}: deploy the stack app, which makes it, or look whether account and region are the right ones.`,
    );
  }
}
