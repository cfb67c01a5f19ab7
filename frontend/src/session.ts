/**
 * The session of the user who is signed in with Cognito. Signing up and in is Amplify's own (`aws-amplify/auth`), over the
 * same tokens.
 * https://docs.amplify.aws/react/build-a-backend/auth/concepts/tokens-and-credentials/
 */
import { Amplify } from "aws-amplify";
import { fetchAuthSession } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { type KeyValueStorageInterface, sessionStorage } from "aws-amplify/utils";
import { onSessionChange, sessionOf, shareSession } from "./current-session";
import { revokeToken } from "./revoke-token";
import { SessionTokenProvider, sessionHasEnded } from "./token-provider";
import { SessionTokenStore } from "./token-store";

export { onSessionChange, SessionChangedError } from "./current-session";

export interface SessionConfig {
  /** The variables that the bundle was built with: AWS_USER_POOLS_ID, AWS_USER_POOLS_WEB_CLIENT_ID. */
  readonly userPoolId: string | undefined;
  readonly userPoolClientId: string | undefined;
  /** Where the tokens are kept. @default the tab's sessionStorage: it outlives a reload, and ends with the tab */
  readonly storage?: KeyValueStorageInterface;
}

let store: SessionTokenStore | undefined;
let unsubscribe: (() => void) | undefined;

/**
 * Once, before anything else of Amplify is called, and in the place of `Amplify.configure`.
 * @throws Error that names what is missing
 */
export function configureSession({
  userPoolId = "",
  userPoolClientId = "",
  storage = sessionStorage,
}: SessionConfig): void {
  for (const [name, value] of Object.entries({ userPoolId, userPoolClientId })) {
    // A bundler writes a variable that it doesn't have as this word.
    if (value === "" || value === "undefined") {
      throw new Error(`configureSession needs ${name}: the bundle was built without it.`);
    }
  }
  const Auth = { Cognito: { userPoolId, userPoolClientId } };
  shareSession(userPoolClientId);
  store = new SessionTokenStore(storage, `session.${userPoolClientId}`);
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  // Amplify signs in and out by these, and asks for tokens by the provider below.
  cognitoUserPoolsTokenProvider.tokenOrchestrator.setAuthTokenStore(store);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: new SessionTokenProvider(store, Auth) } });
  unsubscribe?.();
  // Tokens of a session that another tab has ended don't stay here.
  unsubscribe = onSessionChange(() => void store?.load());
}

async function fetchToken(forceRefresh: boolean): Promise<string | null> {
  try {
    const { tokens } = await fetchAuthSession({ forceRefresh });
    return tokens?.accessToken.toString() ?? null;
  } catch (error) {
    if (error instanceof Error && sessionHasEnded.includes(error.name)) return null;
    throw error;
  }
}

/**
 * The access token, new where the old one has expired or is about to. Whoever calls while a refresh is under way gets its
 * result; whoever waits while the user signs out, or another one in, gets what is true then.
 * @returns null where nobody is signed in, or no longer is
 * @throws where Cognito can't be asked: the user is signed in, and may be told to try again
 */
export function getAccessToken(): Promise<string | null> {
  return fetchToken(false);
}

/**
 * Another access token than one that the API has refused, of the same session.
 * @returns as `getAccessToken`; the one that is there already where somebody else has refreshed meanwhile; null where the
 *   refused one's session has ended, even when another user is signed in
 * @throws as `getAccessToken`
 */
export async function replaceAccessToken(refused: string): Promise<string | null> {
  const token = await fetchToken(false);
  const session = sessionOf(refused);
  const other = token === refused ? await fetchToken(true) : token;
  return other !== null && sessionOf(other) === session ? other : null;
}

/**
 * Signs the user out, in every tab and at once: Cognito is told to revoke the refresh token, and not waited for. (Amplify's
 * `signOut` asks Cognito first. It does the same as soon as it has an answer.)
 */
export async function signOut(): Promise<void> {
  const stored = await store?.load();
  if (stored === undefined) return;
  await store?.end(stored.session);
  revokeToken(stored.tokens);
}
