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

/** What Cognito answers to a refresh when the session is over, for whichever reason. */
const sessionHasEnded =
  /^(NotAuthorized|TokenRevoked|UserNotFound|RefreshTokenReuse|PasswordResetRequired|UserNotConfirmed)/;

export interface AccessTokenOptions {
  /** Asks Cognito for a new one, also while the present one has not expired. @default false */
  readonly forceRefresh?: boolean;
}

let refreshing: Promise<string | null> | undefined;

/**
 * The access token, new where the old one has expired. Whoever calls while a refresh is under way gets its result.
 * @returns null where nobody is signed in, or no longer is
 * @throws where Cognito can't be asked: the user is signed in, and may be told to try again
 */
export async function getAccessToken({ forceRefresh = false }: AccessTokenOptions = {}): Promise<string | null> {
  if (!forceRefresh) return refreshing ?? accessToken(false);
  refreshing ??= accessToken(true).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function accessToken(forceRefresh: boolean): Promise<string | null> {
  try {
    const { tokens } = await fetchAuthSession({ forceRefresh });
    return tokens?.accessToken.toString() ?? null;
  } catch (error) {
    if (error instanceof Error && sessionHasEnded.test(error.name)) return null;
    throw error;
  }
}
