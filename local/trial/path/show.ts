/** Shows the request path over a deployed user pool: alice signs up and in, and requests are sent through Envoy. */
import { UserError } from "../../../lib/user-error";
import { expiredToken, motoSigningKey } from "../../aws/signing-key";
import { type CheckResult, checksOf, made, type Senders } from "./checks";
import { untilLogged } from "./log";
import { type PathOptions, startTrialPath, whyNoEnvoy } from "./path";
import { alice, signIn, signUp, type TrialPool } from "./user";

export interface ShowOptions extends PathOptions {
  /** Whose tokens the path takes. @default the same pool */
  readonly pathPool?: TrialPool;
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Shown {
  readonly results: readonly CheckResult[];
  /** What could not be shown on this machine and why, a sentence each. */
  readonly notShown: readonly string[];
  /** What Envoy has logged. */
  readonly envoyLog: string;
}

/** @throws UserError where a part doesn't start, or refuses what it should not */
export async function showRequestPath({ report, signal, ...options }: ShowOptions): Promise<Shown> {
  const { project, pool, settings, pathPool = pool } = options;
  await signUp(pool);
  const results = [await signInResult(pool)];
  const noEnvoy = await whyNoEnvoy(project, report);
  if (noEnvoy !== undefined) {
    return {
      results,
      notShown: [`Not shown: the requests through Envoy, which isn't there. ${noEnvoy}`],
      envoyLog: "",
    };
  }
  const { senders, notShown } = await sendersOf(project, pool, report);
  if (signal?.aborted) return { results, notShown, envoyLog: "" };
  const path = await startTrialPath({ project, settings, pool: pathPool });
  let sent = 0;
  try {
    for (const check of checksOf(senders, settings)) {
      if (signal?.aborted) break;
      results.push(await made(check, path, senders.signedIn.username));
      sent += check.requests.length;
    }
    await untilLogged(path.log, sent);
  } finally {
    await path.stop();
  }
  if (!settings.authz) notShown.push("Not shown: the authorizer, which the setting authz leaves out: Envoy verifies.");
  return { results, notShown, envoyLog: path.log() };
}

/** Who sends the requests; each time with a token that is valid for an hour. */
export async function sendersOf(
  project: string,
  pool: TrialPool,
  report: (line: string) => void = () => {},
): Promise<{ senders: Senders; notShown: string[] }> {
  const signedIn = await signIn(pool);
  try {
    const expired = expiredToken(signedIn.accessToken, await motoSigningKey(project, report));
    return { senders: { signedIn, expired }, notShown: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { senders: { signedIn }, notShown: [`Not shown: an expired token. ${error.message}`] };
  }
}

async function signInResult(pool: TrialPool): Promise<CheckResult> {
  const what = "alice signs up, and in; with a wrong password";
  const outcome = async (password: string) => {
    try {
      return (await signIn(pool, password)).accessToken === "" ? "no token" : "a token";
    } catch (error) {
      return /NotAuthorizedException/.test((error as Error).message) ? "refused" : (error as Error).message;
    }
  };
  const seen = `${await outcome(alice.password)}, ${await outcome("another-Passw0rd")}`;
  return { what, expected: "a token, refused", seen };
}

/** @returns what differs, as a sentence each */
export function mismatches(results: readonly CheckResult[]): string[] {
  return results
    .filter(({ expected, seen }) => expected !== seen)
    .map(({ what, expected, seen }) => `${what}: expected ${expected}, seen ${seen}`);
}
