/** What the trial asks of the request path: a few rows of the tables in docs/request-path.md, over the deployed user pool. */
import { usernameHeader } from "../../../services/request-path";
import type { PathAnswer, PathRequest, PathSettings, TrialPath } from "./path";
import { feedPath, postPath } from "./sample-app";
import { alice, type SignedIn } from "./user";

/** Who sends the requests of a check. */
export interface Senders {
  readonly signedIn: SignedIn;
  /** A token of hers that has expired; undefined where none could be made. */
  readonly expired?: string;
}

export interface Check {
  readonly name: string;
  /** What is sent, in words. */
  readonly what: string;
  readonly requests: readonly PathRequest[];
  /** `200 alice`: the app answered, and knew her. `401`: Envoy did. */
  readonly expected: readonly string[];
  /** With the authorizer stopped. @default false */
  readonly alone?: boolean;
}

export interface CheckResult {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

const get = (headers: PathRequest["headers"]): PathRequest => ({ method: "GET", path: feedPath, headers });
const post = (headers: PathRequest["headers"]): PathRequest => ({
  method: "POST",
  path: postPath,
  headers: { ...headers, "content-type": "application/json" },
  body: JSON.stringify({ message: "Hello from the trial" }),
});

/** Those that these settings allow, in the order in which they are made. */
export function checksOf({ signedIn, expired }: Senders, { authz, envoy }: PathSettings): Check[] {
  const denied = String(envoy.denialStatus);
  const known = { authorization: `Bearer ${signedIn.accessToken}` };
  const forged = { [usernameHeader]: signedIn.username };
  const late = { authorization: `Bearer ${expired}` };
  const nobody = ["200 nobody", denied];
  return [
    {
      name: "alice",
      what: "alice with her token: GET, POST",
      requests: [get(known), post(known)],
      expected: ["200 alice", "201 alice"],
    },
    { name: "stranger", what: "a stranger without one: GET, POST", requests: [get({}), post({})], expected: nobody },
    {
      name: "forged",
      what: `a stranger with a forged ${usernameHeader}: GET, POST`,
      requests: [get(forged), post(forged)],
      expected: nobody,
    },
    ...(expired === undefined
      ? []
      : [
          {
            name: "expired",
            what: "alice with an expired token: GET, POST",
            requests: [get(late), post(late)],
            expected: nobody,
          },
        ]),
    ...(authz
      ? [
          {
            name: "stopped",
            what: "the authorizer stopped: alice's GET, POST; a stranger's GET",
            requests: [get(known), post(known), get({})],
            expected: ["503", "503", "200 nobody"],
            alone: true,
          },
        ]
      : []),
  ];
}

/** In the words of the tables in docs/request-path.md. */
export function seenAs({ status, user }: PathAnswer, username: string): string {
  if (user === undefined) return String(status);
  return `${status} ${user === null ? "nobody" : user === username ? alice.name : user}`;
}

/** Sends a check's requests, one after the other. */
export async function made(check: Check, path: TrialPath, username: string): Promise<CheckResult> {
  if (check.alone) await path.stopAuthorizer();
  else await path.startAuthorizer();
  const seen: string[] = [];
  for (const request of check.requests) seen.push(seenAs(await path.send(request), username));
  return { what: check.what, expected: check.expected.join(", "), seen: seen.join(", ") };
}
