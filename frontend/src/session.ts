/**
 * The session of the user who is signed in with Cognito. Signing in and out is Amplify's own (`aws-amplify/auth`), over the
 * same tokens.
 * https://docs.amplify.aws/react/build-a-backend/auth/concepts/tokens-and-credentials/
 */
import { Amplify } from "aws-amplify";
import { fetchAuthSession } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { type KeyValueStorageInterface, sessionStorage } from "aws-amplify/utils";

export interface SessionConfig {
  /** The variables that the bundle was built with: AWS_USER_POOLS_ID, AWS_USER_POOLS_WEB_CLIENT_ID. */
  readonly userPoolId: string | undefined;
  readonly userPoolClientId: string | undefined;
  /** Where the tokens are kept. @default the tab's sessionStorage: it outlives a reload, and ends with the tab */
  readonly storage?: KeyValueStorageInterface;
}

/**
 * Once, before anything else of Amplify is called.
 * @throws Error that names what is missing
 */
export function configureSession({ userPoolId, userPoolClientId, storage = sessionStorage }: SessionConfig): void {
  for (const [name, value] of Object.entries({ userPoolId, userPoolClientId })) {
    // A bundler writes a variable that it doesn't have as this word.
    if (value === undefined || value === "" || value === "undefined") {
      throw new Error(`configureSession needs ${name}: the bundle was built without it.`);
    }
  }
  Amplify.configure({
    Auth: { Cognito: { userPoolId: userPoolId ?? "", userPoolClientId: userPoolClientId ?? "" } },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
}

/** What Cognito or Amplify answers when the session is over, so that the user has to sign in again. */
const sessionHasEnded = [
  "NotAuthorizedException",
  "PasswordResetRequiredException",
  "RefreshTokenReuseException",
  "TokenRevokedException",
  "UserNotConfirmedException",
  "UserNotFoundException",
  // These two: there is no refresh token.
  "TokenRefreshException",
  "UserUnAuthenticatedException",
];

async function fetchToken(forceRefresh: boolean): Promise<string | null> {
  try {
    const { tokens } = await fetchAuthSession({ forceRefresh });
    return tokens?.accessToken.toString() ?? null;
  } catch (error) {
    if (error instanceof Error && sessionHasEnded.includes(error.name)) return null;
    throw error;
  }
}

let underWay: Promise<string | null> | undefined;

/** Amplify shares the call to Cognito alone: who asks while its answer is being stored would refresh once more. */
function shared(forceRefresh: boolean): Promise<string | null> {
  underWay ??= fetchToken(forceRefresh).finally(() => {
    underWay = undefined;
  });
  return underWay;
}

/**
 * The access token, new where the old one has expired or is about to. Whoever calls while a refresh is under way gets its
 * result.
 * @returns null where nobody is signed in, or no longer is
 * @throws where Cognito can't be asked: the user is signed in, and may be told to try again
 */
export function getAccessToken(): Promise<string | null> {
  return shared(false);
}

/**
 * Another access token than one that the API has refused.
 * @returns as `getAccessToken`; the one that is there already where somebody else has refreshed meanwhile
 * @throws as `getAccessToken`
 */
export async function replaceAccessToken(refused: string): Promise<string | null> {
  const token = await shared(false);
  return token === refused ? shared(true) : token;
}
