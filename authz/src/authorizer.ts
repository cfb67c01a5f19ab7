import type { AccessTokenVerifier, InvalidReason } from "./access-token";
import { bearerToken } from "./bearer-token";
import type { SigningKeys } from "./signing-keys";
import type { VerifiedTokens } from "./verified-tokens";

export type Decision =
  | { readonly outcome: "verified"; readonly username: string }
  /** Goes on without a user. */
  | { readonly outcome: "anonymous"; readonly reason: RefusalReason }
  | { readonly outcome: "denied"; readonly reason: RefusalReason }
  /** The keys that would tell can't be had. */
  | { readonly outcome: "unavailable" };

/** Why there is no user, as a word for logs. */
export type RefusalReason = InvalidReason | "missing" | "unknown-key";

/** Methods that only read (RFC 9110, 9.2.1), which Cruddur allows without a user. */
const anonymousMethods: ReadonlySet<string | undefined> = new Set(["GET", "HEAD"]);

/** For the keys of a token by an unknown one: less than Envoy waits for the authorizer. */
const lookUpLimitMs = 400;

/**
 * Who a request is from, and whether it may go on:
 *
 * | token                                          | GET, HEAD | other methods |
 * | ---------------------------------------------- | --------- | ------------- |
 * | valid                                          | verified  | verified      |
 * | none, malformed, expired, otherwise not valid  | anonymous | denied        |
 * | perhaps valid, but its key can't be looked up  | unavailable | unavailable |
 *
 * Whoever shows a token that may be good is not served as a stranger because Cognito is away.
 */
export class Authorizer {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly keys: Pick<SigningKeys, "lookUp">,
    private readonly verifiedTokens: VerifiedTokens,
  ) {}

  /** @param rawHeaders names and values in turn, as Node has them in `rawHeaders` */
  decide(method: string | undefined, rawHeaders: readonly string[]): Decision | Promise<Decision> {
    const bearer = bearerToken(rawHeaders);
    if ("refused" in bearer) return withoutUser(method, bearer.refused);
    const { token } = bearer;
    const known = this.verifiedTokens.get(token);
    if (known !== undefined) return { outcome: "verified", username: known.username };
    return this.verify(method, token) ?? this.verifyByNewKeys(method, token);
  }

  /** @returns undefined where the token's key isn't known */
  private verify(method: string | undefined, token: string): Decision | undefined {
    const verification = this.verifier.verify(token);
    if ("keyMissing" in verification) return undefined;
    if ("invalid" in verification) return withoutUser(method, verification.invalid);
    this.verifiedTokens.set(token, verification);
    return { outcome: "verified", username: verification.username };
  }

  private async verifyByNewKeys(method: string | undefined, token: string): Promise<Decision> {
    const current = await within(lookUpLimitMs, this.keys.lookUp());
    return this.verify(method, token) ?? (current ? withoutUser(method, "unknown-key") : { outcome: "unavailable" });
  }
}

function withoutUser(method: string | undefined, reason: RefusalReason): Decision {
  return { outcome: anonymousMethods.has(method) ? "anonymous" : "denied", reason };
}

/** @returns false where it takes longer */
async function within(limitMs: number, promise: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
