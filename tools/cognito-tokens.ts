/** Keys and tokens such as Cognito's, for tests and benches. */
import { createSign, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** As in a key set, https://www.rfc-editor.org/rfc/rfc7517#section-5 */
  readonly jwk: JsonWebKey & { readonly kid: string; readonly alg: "RS256"; readonly use: "sig" };
}

export type Claims = Readonly<Record<string, unknown>>;

export function newSigningKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" } };
}

/** The text of a key set of these keys' public halves. */
export function keySet(...keys: readonly SigningKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

/**
 * The claims of an access token that is an hour long valid.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function accessTokenClaims(userPoolId: string, clientId: string, username: string): Claims {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    iss: `https://cognito-idp.${userPoolId.split("_")[0]}.amazonaws.com/${userPoolId}`,
    client_id: clientId,
    origin_jti: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    event_id: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: now,
    exp: now + 3600,
    iat: now,
    jti: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    username,
  };
}

/** A signed token; what `header` gives overrides the key's. */
export function signToken({ privateKey, jwk }: SigningKey, claims: Claims, header: Claims = {}): string {
  const input = [{ kid: jwk.kid, alg: "RS256", ...header }, claims].map(base64url).join(".");
  return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKey, "base64url")}`;
}

export function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
