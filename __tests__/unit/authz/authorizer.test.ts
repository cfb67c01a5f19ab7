import { accessTokenVerifier } from "../../../authz/src/access-token";
import { Authorizer } from "../../../authz/src/authorizer";
import { VerifiedTokens } from "../../../authz/src/verified-tokens";
import { newSigningKey, UserPool } from "../../../local/cognito/user-pool";

const pool = new UserPool();
const strangersKey = newSigningKey();

function make(lookUp: () => Promise<boolean> = async () => true) {
  const verifier = accessTokenVerifier(pool.userPoolId, pool.clientId);
  const useKeys = () => verifier.useKeys(pool.jwks() as Parameters<typeof verifier.useKeys>[0]);
  const verify = jest.spyOn(verifier, "verify");
  const verifiedTokens = new VerifiedTokens(100);
  const authorizer = new Authorizer(verifier, { lookUp }, verifiedTokens);
  const decide = (method: string, token?: string) =>
    authorizer.decide(method, token === undefined ? [] : ["authorization", `Bearer ${token}`]);
  return { useKeys, verify, verifiedTokens, decide };
}

describe("the authorizer", () => {
  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])(
    "verifies a valid token on %s",
    (method) => {
      const { useKeys, decide } = make();
      useKeys();
      expect(decide(method, pool.token("alice"))).toEqual({ outcome: "verified", username: "alice" });
    },
  );

  test.each([
    ["GET", "anonymous"],
    ["HEAD", "anonymous"],
    ["POST", "denied"],
    ["PUT", "denied"],
    ["PATCH", "denied"],
    ["DELETE", "denied"],
    ["OPTIONS", "denied"],
    ["get", "denied"],
  ])("on %s is %s without a user, keys or not", async (method, outcome) => {
    const { useKeys, decide } = make(async () => false);
    const expired = pool.token("alice", { claims: { exp: 1 } });
    for (const keys of ["none", "some"]) {
      if (keys === "some") useKeys();
      expect(decide(method)).toEqual({ outcome, reason: "missing" });
      expect(decide(method, "undefined")).toEqual({ outcome, reason: "malformed" });
      expect(decide(method, expired)).toEqual({ outcome, reason: "expired" });
    }
  });

  test("verifies a token once, until it expires", () => {
    const { useKeys, verify, decide } = make();
    useKeys();
    const now = Date.now();
    const token = pool.token("alice", { claims: { exp: Math.floor(now / 1000) + 10 } });
    decide("GET", token);
    expect(decide("POST", token)).toEqual({ outcome: "verified", username: "alice" });
    expect(verify).toHaveBeenCalledTimes(1);
    jest.useFakeTimers({ now: now + 11_000 });
    try {
      expect(decide("POST", token)).toEqual({ outcome: "denied", reason: "expired" });
    } finally {
      jest.useRealTimers();
    }
  });

  test("remembers no token that isn't valid", () => {
    const { useKeys, verifiedTokens, decide } = make();
    useKeys();
    decide("GET", pool.token("alice", { claims: { client_id: "another" } }));
    expect(verifiedTokens.size).toBe(0);
  });

  test("looks up the key of a token that it doesn't know", async () => {
    const lookUp = jest.fn(async () => {
      useKeys();
      return true;
    });
    const { useKeys, decide } = make(lookUp);
    expect(await decide("POST", pool.token("alice"))).toEqual({ outcome: "verified", username: "alice" });
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  test("takes a token for invalid that no key of the pool's has signed", async () => {
    const { useKeys, decide } = make();
    useKeys();
    const token = pool.token("alice", { key: strangersKey });
    expect(await decide("POST", token)).toEqual({ outcome: "denied", reason: "unknown-key" });
    expect(await decide("GET", token)).toEqual({ outcome: "anonymous", reason: "unknown-key" });
  });

  test.each([
    ["fails", async () => false],
    ["takes too long", () => new Promise<boolean>(() => {})],
  ])("is unavailable where the look-up %s: a reader's token isn't ignored", async (_name, lookUp) => {
    const { decide } = make(lookUp);
    for (const method of ["POST", "GET"]) {
      expect(await decide(method, pool.token("alice"))).toEqual({ outcome: "unavailable" });
    }
  });
});
