import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { assertIsJwks, type Jwk, type Jwks } from "aws-jwt-verify/jwk";
import type { JwksLocation } from "./configuration";

const fetchLimitMs = 3000;

/**
 * Reads the keys that Cognito signs with: RSA, RS256, 2048 bits or more (RFC 7518, 3.3). Others of the set are left out.
 * @throws where it can't be read, is no key set, or holds no such key
 */
export async function readJwks(location: JwksLocation): Promise<Jwks> {
  const jwks: unknown = JSON.parse(
    "file" in location ? await readFile(location.file, "utf8") : await get(location.url),
  );
  assertIsJwks(jwks as Parameters<typeof assertIsJwks>[0]);
  const keys = (jwks as Jwks).keys.filter(isRs256Key);
  if (keys.length === 0) throw new Error("The key set holds no RS256 key");
  return { keys };
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(fetchLimitMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(`The key set's server answered ${response.status}`);
  return body;
}

function isRs256Key(key: Jwk): boolean {
  const { kty, kid, use = "sig", alg = "RS256" } = key;
  if (kty !== "RSA" || kid === undefined || use !== "sig" || alg !== "RS256") return false;
  try {
    const { modulusLength = 0 } = createPublicKey({ key, format: "jwk" }).asymmetricKeyDetails ?? {};
    return modulusLength >= 2048;
  } catch {
    return false;
  }
}
