/** A user of the pool that was deployed, by Cognito's own API. */
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { UserError } from "../../../lib/user-error";

/** The user pool of a trial. */
export interface TrialPool {
  /** Where the local AWS is. */
  readonly endpoint: string;
  readonly region: string;
  readonly id: string;
  readonly clientId: string;
}

/** Who signs up. The password is everybody's to read: it opens a user pool in this machine's memory. */
export const alice = { name: "alice", email: "alice@example.com", password: "Trial-1234" } as const;

export interface SignedIn {
  /** Cognito's own name of the user, by which the app knows her. */
  readonly username: string;
  readonly accessToken: string;
}

function client({ endpoint, region }: TrialPool): CognitoIdentityProviderClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new CognitoIdentityProviderClient({ endpoint, region, credentials });
}

/** @throws UserError with what the pool refuses */
export async function signUp(pool: TrialPool): Promise<void> {
  const { name, email, password } = alice;
  const attributes = { email, name: "Alice", preferred_username: name };
  const cognito = client(pool);
  const of = { ClientId: pool.clientId, Username: email };
  try {
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
    await cognito.send(new SignUpCommand({ ...of, Password: password, UserAttributes }));
    // Nobody sends an e-mail: moto takes any code.
    await cognito.send(new ConfirmSignUpCommand({ ...of, ConfirmationCode: "000000" }));
  } catch (error) {
    throw refused("sign alice up", error);
  }
}

/**
 * By USER_PASSWORD_AUTH: of moto's ways it is the one that checks the password. Deployed, the frontend signs in by SRP.
 * @throws UserError with what the pool refuses
 */
export async function signIn(pool: TrialPool, password: string = alice.password): Promise<SignedIn> {
  const AuthParameters = { USERNAME: alice.email, PASSWORD: password };
  const command = new InitiateAuthCommand({ ClientId: pool.clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
  try {
    const { AuthenticationResult } = await client(pool).send(command);
    const accessToken = AuthenticationResult?.AccessToken ?? "";
    const { username } = JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString());
    return { username, accessToken };
  } catch (error) {
    throw refused("sign alice in", error);
  }
}

function refused(what: string, error: unknown): UserError {
  const { name, message } = error as Error;
  return new UserError(`The user pool doesn't ${what}: ${name}: ${message}`);
}
