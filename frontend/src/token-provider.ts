/** What Amplify asks for tokens: those of the session that is there, refreshed for that session alone. */
import { cognitoUserPoolsTokenProvider, refreshAuthTokensWithoutDedupe } from "aws-amplify/auth/cognito";
import { currentSession } from "./current-session";
import { areOld, type CognitoAuthTokens, changedDrift, received } from "./token-age";
import type { SessionTokenStore, StoredTokens } from "./token-store";

type RefreshOptions = Parameters<typeof refreshAuthTokensWithoutDedupe>[0];
export type AuthConfig = NonNullable<RefreshOptions["authConfig"]>;

/** What Cognito or Amplify answers when the session is over, so that the user has to sign in again. */
export const sessionHasEnded: readonly string[] = [
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

export class SessionTokenProvider {
  /** By session: who asks meanwhile gets the same. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly store: SessionTokenStore,
    private readonly authConfig: AuthConfig,
  ) {}

  /** @throws where Cognito can't be asked */
  async getTokens({
    forceRefresh = false,
  }: {
    readonly forceRefresh?: boolean;
  } = {}): Promise<CognitoAuthTokens | null> {
    const first = await this.store.load();
    let refreshed: string | undefined;
    for (let stored = first; stored !== undefined; stored = await this.store.load()) {
      // Forced is another token than the one that was there, not a refresh of whatever has come since.
      const isRefused = forceRefresh && isSame(stored, first);
      // What has just come is as new as it gets.
      if (stored.session === refreshed || !(isRefused || areOld(stored.tokens))) return this.withDrift(stored);
      refreshed = stored.session;
      await this.refreshed(stored);
    }
    return null;
  }

  /** The device's clock has been set: the next page has to know. */
  private async withDrift(stored: StoredTokens): Promise<CognitoAuthTokens> {
    const clockDrift = changedDrift(stored.tokens);
    if (clockDrift !== undefined) await this.store.replace(stored, { ...stored.tokens, clockDrift });
    return stored.tokens;
  }

  /** Waits until the session has other tokens or none, or is no longer there. */
  private refreshed(stored: StoredTokens): Promise<void> {
    const { session } = stored;
    const shared = this.underWay.get(session);
    if (shared !== undefined) return shared;
    const signal = currentSession()?.signal;
    const refresh = unlessAborted(this.refresh(stored), signal).finally(() => {
      if (this.underWay.get(session) === refresh) this.underWay.delete(session);
    });
    this.underWay.set(session, refresh);
    return refresh;
  }

  private async refresh(stored: StoredTokens): Promise<void> {
    // Another caller's refresh may have ended while this one's tokens were read.
    if (!isSame(stored, await this.store.load())) return;
    const begun = performance.now();
    const { tokens } = stored;
    try {
      const { authConfig } = this;
      const clientMetadata = await cognitoUserPoolsTokenProvider.tokenOrchestrator.clientMetadataProvider?.();
      const { username } = tokens;
      const fresh = await refreshAuthTokensWithoutDedupe({
        tokens,
        authConfig,
        username,
        ...(clientMetadata && { clientMetadata }),
      });
      if (tokens.signInDetails !== undefined) fresh.signInDetails = tokens.signInDetails;
      await this.store.replace(stored, received(fresh, performance.now() - begun));
    } catch (error) {
      if (!(error instanceof Error) || !sessionHasEnded.includes(error.name)) throw error;
      await this.store.drop(stored);
    }
  }
}

function isSame(one: StoredTokens | undefined, other: StoredTokens | undefined): boolean {
  return one?.session === other?.session && one?.tokens.accessToken.toString() === other?.tokens.accessToken.toString();
}

/** Ends at the signal, too: nobody waits for what is of no use any more. */
function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
    work.then(resolve, reject);
  });
}
