/** What the local AWS tells of its users. */
import { listed } from "../../lib/listed";
import { shown, UserError } from "../../lib/user-error";
import { localUrl } from "./places";
import type { SystemRecord } from "./record";

export interface LocalUser {
  /** Cognito's own name of the user, which the app gets of Envoy. */
  readonly username: string;
  readonly handle: string | null;
  readonly email: string | null;
  readonly confirmed: boolean;
}

async function ask(record: SystemRecord, path: string): Promise<Response> {
  const url = `${localUrl(record.ports.aws)}/local/${path}`.replace("localhost", "127.0.0.1");
  try {
    return await fetch(url, { signal: AbortSignal.timeout(5000) });
  } catch {
    throw new UserError("The local AWS doesn't answer: look at `npm run local -- status`.");
  }
}

export async function localUsersOf(record: SystemRecord): Promise<LocalUser[]> {
  return record.userPool.at === "local" ? (await ask(record, "users")).json() : [];
}

/**
 * @param name handle, e-mail address, or Cognito's own name
 * @returns an access token, valid for an hour
 * @throws UserError for a user who isn't there, naming those who are
 */
export async function userToken(record: SystemRecord, name: string): Promise<string> {
  if (record.userPool.at === "aws") {
    throw new UserError(
      `The system runs with the user pool ${record.userPool.id} at AWS, which gives no token without a password: sign in in the browser.`,
    );
  }
  const answer = await ask(record, `token?user=${encodeURIComponent(name)}`);
  if (answer.ok) return (await answer.json()).accessToken;
  const users = await localUsersOf(record);
  const known = listed(users.map(({ handle, email, username }) => handle ?? email ?? username));
  throw new UserError(
    `There is no user ${shown(name)} in the local user pool: give one of ${known}, or sign up first.`,
  );
}
