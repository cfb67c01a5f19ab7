import { CognitoJwtVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import * as errors from "aws-jwt-verify/error";
import type { Jwks } from "aws-jwt-verify/jwk";
import { decomposeUnverifiedJwt, validateJwtFields } from "aws-jwt-verify/jwt";
import type { JwtHeader, JwtPayload } from "aws-jwt-verify/jwt-model";

/** Why a token isn't accepted, as a word for logs. */
export type InvalidReason =
  | "algorithm"
  | "claims"
  | "client"
  | "expired"
  | "issuer"
  | "malformed"
  | "not-yet-valid"
  | "signature"
  | "token-use";

export type Verification =
  /** `expiresAtMs` as `Date.now()` counts. */
  | { readonly username: string; readonly expiresAtMs: number }
  | { readonly invalid: InvalidReason }
  /** Nothing in it speaks against the token, but the key that signed it isn't among those at hand. */
  | { readonly keyMissing: true };

/**
 * Verifies Cognito's access tokens: signature (RS256), issuer, client, token use, expiry (which must be there) and
 * not-before. https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
export interface AccessTokenVerifier {
  /** These keys, and no others. */
  useKeys(keys: Jwks): void;
  verify(token: string): Verification;
}

class InvalidAlgorithm extends Error {}
class InvalidClaim extends Error {}

/**
 * What a header field can hold (RFC 9110, 5.5), without spaces around it. User names may be of any script: they travel
 * as UTF-8.
 */
const headerText = /^[^\p{Cc}\p{Z}](?:[^\p{Cc}]*[^\p{Cc}\p{Z}])?$/u;

/** What Cognito's tokens have and the library leaves open. */
function checkHeaderAndClaims(header: JwtHeader, { exp, username }: JwtPayload): void {
  if (header.alg !== "RS256") throw new InvalidAlgorithm();
  if (exp === undefined) throw new InvalidClaim();
  if (typeof username !== "string" || !headerText.test(username)) throw new InvalidClaim();
}

export function accessTokenVerifier(userPoolId: string, clientId: string): AccessTokenVerifier {
  const expected = { clientId, tokenUse: "access" } as const;
  const verifier = CognitoJwtVerifier.create({
    userPoolId,
    ...expected,
    customJwtCheck: ({ header, payload }) => checkHeaderAndClaims(header, payload),
  });

  /** Of a token by an unknown key: one that is expired or another client's needs no key to be refused. */
  function checkUnverified(token: string): void {
    const { header, payload } = decomposeUnverifiedJwt(token);
    checkHeaderAndClaims(header, payload);
    validateCognitoJwtFields(payload, expected);
    // The library has found the issuer among the pool's before it looked for the key.
    validateJwtFields(payload, { issuer: null, audience: null });
  }

  return {
    useKeys: (keys) => verifier.cacheJwks(keys),
    verify: (token) => {
      try {
        try {
          const { username, exp } = verifier.verifySync(token);
          return { username, expiresAtMs: exp * 1000 };
        } catch (error) {
          if (!isKeyMissing(error)) throw error;
          checkUnverified(token);
          return { keyMissing: true };
        }
      } catch (error) {
        return { invalid: reason(error) };
      }
    },
  };
}

function isKeyMissing(error: unknown): boolean {
  return error instanceof errors.KidNotFoundInJwksError || error instanceof errors.JwksNotAvailableInCacheError;
}

function reason(error: unknown): InvalidReason {
  if (error instanceof InvalidAlgorithm) return "algorithm";
  if (error instanceof errors.JwtInvalidSignatureAlgorithmError) return "algorithm";
  if (error instanceof errors.JwtInvalidSignatureError) return "signature";
  if (error instanceof errors.JwtExpiredError) return "expired";
  if (error instanceof errors.JwtNotBeforeError) return "not-yet-valid";
  if (error instanceof errors.CognitoJwtInvalidClientIdError) return "client";
  if (error instanceof errors.CognitoJwtInvalidTokenUseError) return "token-use";
  if (error instanceof errors.JwtParseError) return "malformed";
  // The library has no class of its own for an issuer that isn't the pool's.
  if (error instanceof errors.ParameterValidationError) return "issuer";
  return "claims";
}
