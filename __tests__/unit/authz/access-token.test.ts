import { type AccessTokenVerifier, accessTokenVerifier } from "../../../authz/src/access-token";
import { newSigningKey, type TokenOptions, UserPool } from "../../../local/cognito/user-pool";

const pool = new UserPool();
const otherKey = newSigningKey();
const now = () => Math.floor(Date.now() / 1000);
const jwks = (from: UserPool) => from.jwks() as Parameters<AccessTokenVerifier["useKeys"]>[0];

function verifierWithKeys(): AccessTokenVerifier {
  const verifier = accessTokenVerifier(pool.userPoolId, pool.clientId);
  verifier.useKeys(jwks(pool));
  return verifier;
}

const invalid: [name: string, options: TokenOptions, reason: string][] = [
  ["expired", { claims: { exp: now() - 1 } }, "expired"],
  ["without exp", { claims: { exp: undefined } }, "claims"],
  ["exp no number", { claims: { exp: "2999999999" } }, "malformed"],
  ["not yet valid", { claims: { nbf: now() + 60 } }, "not-yet-valid"],
  ["of another client", { claims: { client_id: "another" } }, "client"],
  ["of an id token's use", { claims: { token_use: "id", aud: pool.clientId } }, "token-use"],
  ["without use", { claims: { token_use: undefined } }, "token-use"],
  ["of another pool", { claims: { iss: pool.issuer.replace(/_.*/, "_OtherPool") } }, "issuer"],
  ["without issuer", { claims: { iss: undefined } }, "issuer"],
  ["unsigned", { algorithm: "none" }, "malformed"],
  ["unsigned with a signature", { algorithm: "HS256", header: { alg: "none" } }, "algorithm"],
  ["signed by the public key as a secret", { algorithm: "HS256" }, "algorithm"],
  ["of an algorithm that isn't the key's", { algorithm: "RS512" }, "algorithm"],
  ["signed by another key under the pool's id", { key: otherKey, header: { kid: pool.signingKey.kid } }, "signature"],
  ["without key id", { header: { kid: undefined } }, "claims"],
  ["without user name", { claims: { username: undefined } }, "claims"],
  ["with an empty user name", { claims: { username: "" } }, "claims"],
  ["with a user name that is no text", { claims: { username: ["alice"] } }, "claims"],
  ["with a line break in the user name", { claims: { username: "alice\r\nx-admin: yes" } }, "claims"],
  ["with a NUL in the user name", { claims: { username: "al\0ice" } }, "claims"],
  ["with spaces around the user name", { claims: { username: " alice" } }, "claims"],
];

describe("the verification of an access token", () => {
  test("gives user and expiry of a valid one", () => {
    const exp = now() + 60;
    const token = pool.token("alice", { claims: { exp } });
    expect(verifierWithKeys().verify(token)).toEqual({ username: "alice", expiresAtMs: exp * 1000 });
  });

  test.each(["a", "alice bob", "Ælfrida", "李小龍", "o'neil@example.com", "😀"])(
    "takes the user name %s",
    (username) => {
      expect(verifierWithKeys().verify(pool.token(username))).toMatchObject({ username });
    },
  );

  test.each(invalid)("refuses one %s", (_name, options, reason) => {
    expect(verifierWithKeys().verify(pool.token("alice", options))).toEqual({ invalid: reason });
  });

  test("refuses a changed one", () => {
    const [header, payload, signature = ""] = pool.token("alice").split(".");
    const [, otherPayload] = pool.token("bob").split(".");
    const verifier = verifierWithKeys();
    expect(verifier.verify(`${header}.${otherPayload}.${signature}`)).toEqual({ invalid: "signature" });
    expect(verifier.verify(`${header}.${payload}.${signature.slice(0, -4)}`)).toEqual({ invalid: "signature" });
    expect(verifier.verify(`${header}.${payload}`)).toEqual({ invalid: "malformed" });
    expect(verifier.verify("a.b.c")).toEqual({ invalid: "malformed" });
  });

  test("takes long ones", () => {
    const groups = Array.from({ length: 1000 }, (_value, index) => `group-${index}`);
    const token = pool.token("alice", { claims: { "cognito:groups": groups } });
    expect(token.length).toBeGreaterThan(8192);
    expect(verifierWithKeys().verify(token)).toMatchObject({ username: "alice" });
  });

  test("misses the key of one that another key signed, or of any while there are none", () => {
    const token = pool.token("alice", { key: otherKey });
    expect(verifierWithKeys().verify(token)).toEqual({ keyMissing: true });
    expect(accessTokenVerifier(pool.userPoolId, pool.clientId).verify(pool.token("alice"))).toEqual({
      keyMissing: true,
    });
  });

  test.each(invalid.filter(([, { key }]) => key === undefined).filter(([, , reason]) => reason !== "signature"))(
    "needs no key to refuse one %s",
    (_name, options, reason) => {
      const verification = verifierWithKeys().verify(pool.token("alice", { ...options, key: otherKey }));
      expect(verification).toEqual({ invalid: reason });
    },
  );

  test("uses the keys that it was told last, and no others", () => {
    const rotated = new UserPool();
    const verifier = verifierWithKeys();
    verifier.useKeys(jwks(rotated));
    expect(verifier.verify(rotated.token("alice"))).toMatchObject({ username: "alice" });
    expect(verifier.verify(pool.token("alice"))).toEqual({ keyMissing: true });
  });

  test("uses a key that was replaced under its id", () => {
    const verifier = verifierWithKeys();
    expect(verifier.verify(pool.token("alice"))).toMatchObject({ username: "alice" });
    const replaced = { ...newSigningKey(), kid: pool.signingKey.kid };
    const rotated = new UserPool();
    rotated.publish(replaced);
    verifier.useKeys(jwks(rotated));
    expect(verifier.verify(pool.token("alice"))).toEqual({ invalid: "signature" });
    expect(verifier.verify(rotated.token("alice"))).toMatchObject({ username: "alice" });
  });
});
