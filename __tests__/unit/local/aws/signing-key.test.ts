/** An expired token is the same token, signed by the same key, two hours earlier. */
import { createPublicKey, verify } from "node:crypto";
import { expiredToken } from "../../../../local/aws/signing-key";
import { newSigningKey, UserPool } from "../../../../local/cognito/user-pool";

const part = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString());

test("only the times differ, and the signature is valid", () => {
  const pool = new UserPool();
  const token = pool.token("alice");
  const expired = expiredToken(token, pool.signingKey.privateKey);
  expect(part(expired, 0)).toEqual(part(token, 0));
  const { exp, iat, auth_time, ...rest } = part(token, 1);
  expect(part(expired, 1)).toEqual({ ...rest, exp: exp - 7200, iat: iat - 7200, auth_time: auth_time - 7200 });
  expect(part(expired, 1).exp).toBeLessThan(Date.now() / 1000);
  const [header, payload, signature = ""] = expired.split(".");
  const key = createPublicKey(pool.signingKey.privateKey);
  expect(verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))).toBe(true);
});

test("a key that hasn't signed the token is refused", () => {
  expect(() => expiredToken(new UserPool().token("alice"), newSigningKey().privateKey)).toThrow(
    "signed with another key",
  );
});
