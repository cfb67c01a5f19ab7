/**
 * How old a token is, whatever happens to the device's clock meanwhile. A clock that is wrong when the token comes and put
 * right afterwards would make an expired token look valid; the API takes that for none, and answers as to nobody.
 */
import type { TokenOrchestrator } from "aws-amplify/auth/cognito";

/** Amplify's own shape, which it doesn't export. */
export type CognitoAuthTokens = Parameters<TokenOrchestrator["setTokens"]>[0]["tokens"];

/** Milliseconds before its end from which on a token is taken for expired. */
const tolerance = 5_000;
/** From this many milliseconds on, what is stored about the clock is put right. */
const jump = 2_000;

/** The token seen last, its age at that moment, and when that was by a clock that nobody sets. */
let seen: { readonly token: string; readonly age: number; readonly at: number } | undefined;

/** @param age milliseconds */
function see(token: string, age: number): void {
  seen = { token, age, at: performance.now() };
}

/** Tokens that have come just now, with the clock's drift. @param age at most, milliseconds */
export function received(tokens: CognitoAuthTokens, age: number): CognitoAuthTokens {
  see(tokens.accessToken.toString(), age);
  return { ...tokens, clockDrift: driftAt(tokens, age) };
}

function driftAt({ accessToken }: CognitoAuthTokens, age: number): number {
  return (accessToken.payload.iat ?? 0) * 1000 + age - Date.now();
}

/** Amplify stores, as the clock's drift, when a token was issued by the device's own clock. */
function issuedAt({ accessToken, clockDrift }: CognitoAuthTokens): number {
  return (accessToken.payload.iat ?? 0) * 1000 - clockDrift;
}

/** Milliseconds; infinite where nobody can say. */
function ageOf(tokens: CognitoAuthTokens): number {
  const token = tokens.accessToken.toString();
  const byClock = Date.now() - issuedAt(tokens);
  // Of another page of this tab: a token from the future means that the clock has been set back since.
  if (seen?.token !== token) see(token, byClock < -jump ? Number.POSITIVE_INFINITY : byClock);
  const { age, at } = seen as NonNullable<typeof seen>;
  // The clock alone counts the time that a computer sleeps.
  return Math.max(age + performance.now() - at, byClock);
}

/** Whether one of them has expired or is about to, by what its issuer says of its life. */
export function areOld(tokens: CognitoAuthTokens): boolean {
  const { accessToken, idToken } = tokens;
  const lives = [accessToken, idToken].flatMap((token) =>
    token === undefined ? [] : [((token.payload.exp ?? 0) - (token.payload.iat ?? 0)) * 1000],
  );
  return ageOf(tokens) + tolerance > Math.min(...lives);
}

/** @returns the clock's drift where it isn't what is stored, so that the next page counts right */
export function changedDrift(tokens: CognitoAuthTokens): number | undefined {
  const age = ageOf(tokens);
  const drift = driftAt(tokens, age);
  return Number.isFinite(age) && Math.abs(drift - tokens.clockDrift) > jump ? drift : undefined;
}
