/** The Authorization headers of the behaviour table, by the name of their row. */
import { newSigningKey, type UserPool } from "../../local/cognito/user-pool";
import type { RawRequest } from "./raw-http";

export interface Authorization {
  readonly headers: readonly (readonly [string, string])[];
  /** @default none */
  readonly query?: string;
}

const bearer = (token: string, scheme = "Bearer "): Authorization => ({ headers: [["Authorization", scheme + token]] });

/** A character other than the one that is there, in the middle, where all its bits count. */
function damaged(token: string): string {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const middle = Math.floor(signature.length / 2);
  const other = signature[middle] === "A" ? "B" : "A";
  return [header, payload, signature.slice(0, middle) + other + signature.slice(middle + 1)].join(".");
}

export function authorizations(pool: UserPool): Readonly<Record<string, Authorization>> {
  const now = Math.floor(Date.now() / 1000);
  const valid = pool.token("alice");
  const claimed = (claims: Readonly<Record<string, unknown>>) => bearer(pool.token("alice", { claims }));
  const stranger = newSigningKey();
  const inside = (text: string) => Buffer.from(text).toString("base64url");
  return {
    none: { headers: [] },
    valid: bearer(valid),
    "valid, bearer or BEARER": bearer(valid, Math.random() < 0.5 ? "bearer " : "BEARER "),
    "valid, several spaces after Bearer": bearer(valid, "Bearer    "),
    "valid, 8 kB and more": claimed({ "cognito:groups": ["g".repeat(8000)] }),
    "more than 16 kB": claimed({ "cognito:groups": ["g".repeat(14_000)] }),
    // A second late: no clock skew beyond that is allowed.
    expired: claimed({ exp: now - 2 }),
    "no exp": claimed({ exp: undefined }),
    "exp is no number": claimed({ exp: "tomorrow" }),
    "not yet valid": claimed({ nbf: now + 30 }),
    "of another client": claimed({ client_id: "1example23456789" }),
    "of another use: an ID token": claimed({ token_use: "id", aud: pool.clientId, "cognito:username": "alice" }),
    "of another pool": claimed({ iss: `${pool.issuer}2` }),
    "no username": claimed({ username: undefined }),
    "alg none, unsigned": bearer(pool.token("alice", { algorithm: "none" })),
    "alg none, with a signature": bearer(pool.token("alice", { header: { alg: "none" } })),
    "HS256, the public key as its secret": bearer(pool.token("alice", { algorithm: "HS256" })),
    RS512: bearer(pool.token("alice", { algorithm: "RS512" })),
    "bad signature": bearer(damaged(valid)),
    "signed by an unknown key": bearer(pool.token("alice", { key: stranger })),
    "an unknown key's signature under a known key's id": bearer(
      pool.token("alice", { key: stranger, header: { kid: pool.signingKey.kid } }),
    ),
    truncated: bearer(valid.slice(0, -40)),
    "not JSON inside": bearer([inside("{"), inside("{"), "c2ln"].join(".")),
    "Bearer undefined": bearer("undefined"),
    "Bearer alone": { headers: [["Authorization", "Bearer"]] },
    "valid, without Bearer": bearer(valid, ""),
    "valid, another scheme": bearer(valid, "Token "),
    "valid, bEaReR": bearer(valid, "bEaReR "),
    "valid, with more behind it": bearer(`${valid} x`),
    "two Authorization headers, both valid": { headers: [...bearer(valid).headers, ...bearer(valid).headers] },
    "two Authorization headers, valid and undefined": {
      headers: [...bearer(valid).headers, ...bearer("undefined").headers],
    },
    "valid, in the query ?access_token=": { headers: [], query: `?access_token=${valid}` },
  };
}

/** The client's claims of the second table, by the name of their row. */
export const claimedHeaders: Readonly<Record<string, NonNullable<RawRequest["headers"]>>> = {
  "x-cognito-username: victim": [["x-cognito-username", "victim"]],
  "X-COGNITO-Username: victim": [["X-COGNITO-Username", "victim"]],
  "x-cognito-username, twice": [
    ["x-cognito-username", "victim"],
    ["X-Cognito-Username", "bob"],
  ],
  "x-cognito-username: alice,victim": [["x-cognito-username", "alice,victim"]],
  "x-cognito-username, empty": [["x-cognito-username", ""]],
  "x-cognito-user-groups: admin": [["x-cognito-user-groups", "admin"]],
  "Connection: x-cognito-username": [["Connection", "close, x-cognito-username"]],
  "x-envoy-original-path: /api/health-check": [["x-envoy-original-path", "/api/health-check"]],
  "x_cognito_username: victim": [["x_cognito_username", "victim"]],
  "X-Cognito_Username: victim": [["X-Cognito_Username", "victim"]],
};
