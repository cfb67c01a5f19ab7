/**
 * Amplify's store of tokens, with the session that they belong to. Nothing is read that isn't of the browser's session, and
 * nothing is written by what was begun in another one.
 */
import { cognitoUserPoolsTokenProvider, type TokenOrchestrator } from "aws-amplify/auth/cognito";
import type { KeyValueStorageInterface } from "aws-amplify/utils";
import { currentSession, endSession, enterSession, handOut, sessionFor, sharedId } from "./current-session";
import { type CognitoAuthTokens, received } from "./token-age";

export type AuthTokenStore = Parameters<TokenOrchestrator["setAuthTokenStore"]>[0];

export interface StoredTokens {
  /** The session's id. */
  readonly session: string;
  readonly tokens: CognitoAuthTokens;
}

const amplifys = cognitoUserPoolsTokenProvider.authTokenStore;
/** Of storage that tabs share: what Amplify writes is several items. */
const lock = "session-tokens";

let before: Promise<unknown> = Promise.resolve();

/** One after the other, in all tabs where the browser can do that. */
function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
  if (globalThis.navigator?.locks !== undefined) return navigator.locks.request(lock, work) as Promise<Result>;
  const done = before.then(work, work);
  before = done.catch(() => {});
  return done;
}

export class SessionTokenStore implements AuthTokenStore {
  /** The session whose tokens Amplify's sign-out has taken, to have them revoked. */
  private signingOut: string | undefined;

  constructor(
    private readonly storage: KeyValueStorageInterface,
    private readonly sessionKey: string,
  ) {}

  /** The tokens of the browser's session. What is left of another one is taken away. */
  load(): Promise<StoredTokens | undefined> {
    return exclusively(() => this.read());
  }

  private async read(): Promise<StoredTokens | undefined> {
    const tokens = await amplifys.loadTokens();
    const session = (await this.storage.getItem(this.sessionKey)) ?? undefined;
    const shared = sharedId();
    if (tokens === null) {
      // Somebody else has taken them away; what is left doesn't sign in.
      if (session !== undefined) await this.remove();
      return undefined;
    }
    if (session === undefined ? shared !== undefined : shared !== undefined && shared !== session) {
      currentSession();
      await this.remove();
      return undefined;
    }
    const id = session ?? (await sessionFor(userOf(tokens)));
    if (session === undefined) await this.storage.setItem(this.sessionKey, id);
    enterSession(id);
    handOut(tokens.accessToken.toString());
    return { session: id, tokens };
  }

  /** Stores what a refresh has brought. @returns false where the tokens that it began with are no longer there */
  replace({ session, tokens }: StoredTokens, fresh: CognitoAuthTokens): Promise<boolean> {
    return exclusively(async () => {
      if (!(await this.isThere(session, tokens))) return false;
      await amplifys.storeTokens(fresh);
      handOut(fresh.accessToken.toString());
      return true;
    });
  }

  /** The session has ended by itself: Cognito doesn't know the refresh token any more. */
  drop({ session, tokens }: StoredTokens): Promise<void> {
    return exclusively(async () => {
      if (await this.isThere(session, tokens)) await this.remove();
    });
  }

  private async isThere(session: string, tokens: CognitoAuthTokens): Promise<boolean> {
    const now = await this.read();
    return now?.session === session && now.tokens.accessToken.toString() === tokens.accessToken.toString();
  }

  private async remove(): Promise<void> {
    await amplifys.clearTokens();
    await this.storage.removeItem(this.sessionKey);
  }

  /** Ends the session in every tab, and takes its tokens away. */
  end(session: string): Promise<void> {
    endSession(session);
    return exclusively(async () => {
      if ((await this.storage.getItem(this.sessionKey)) === session) await this.remove();
    });
  }

  // What follows is for Amplify, which signs in and out by it.

  /** A user has signed in. */
  async storeTokens(given: CognitoAuthTokens): Promise<void> {
    const tokens = received(given, 0);
    const session = await sessionFor(userOf(tokens));
    await exclusively(async () => {
      await this.remove();
      await this.storage.setItem(this.sessionKey, session);
      await amplifys.storeTokens(tokens);
      enterSession(session);
      handOut(tokens.accessToken.toString());
    });
  }

  /** The beginning of a sign-out: nothing else of Amplify reads tokens here. */
  async loadTokens(): Promise<CognitoAuthTokens | null> {
    const loaded = await this.load();
    this.signingOut = loaded?.session;
    return loaded?.tokens ?? null;
  }

  /** The end of a sign-out, which may come late: of the session that was there when it began. */
  async clearTokens(): Promise<void> {
    const session = this.signingOut ?? currentSession()?.id;
    if (session !== undefined) await this.end(session);
  }

  getLastAuthUser = () => amplifys.getLastAuthUser();
  setKeyValueStorage = (storage: KeyValueStorageInterface) => amplifys.setKeyValueStorage(storage);
  getDeviceMetadata = (username?: string) => amplifys.getDeviceMetadata(username);
  clearDeviceMetadata = (username?: string) => amplifys.clearDeviceMetadata(username);
  setOAuthMetadata: AuthTokenStore["setOAuthMetadata"] = (metadata) => amplifys.setOAuthMetadata(metadata);
  getOAuthMetadata: AuthTokenStore["getOAuthMetadata"] = () => amplifys.getOAuthMetadata();
}

function userOf({ accessToken, username }: CognitoAuthTokens): string {
  return String(accessToken.payload.username ?? accessToken.payload.sub ?? username);
}
