/** One look at AWS for something that a deploy needs, and what it finds. */
import { awsUserError } from "../aws";
import type { Finding } from "./verification";

/** What can't be told, though nothing was refused. */
export interface Doubt {
  readonly doubt: string;
}

/** What it looks for, and what is wrong with that; undefined where all is well. */
export interface Look {
  readonly check: string;
  readonly subject: string;
  readonly look: () => Promise<string | Doubt | undefined>;
}

/** Nothing found is good; what AWS refuses to tell isn't. */
export async function findingOf({ check, subject, look }: Look): Promise<Finding> {
  try {
    const found = await look();
    if (typeof found === "object") return { status: "warn", check, subject, detail: found.doubt };
    return { status: found === undefined ? "ok" : "fail", check, subject, detail: found ?? "" };
  } catch (error) {
    const sentence = awsUserError(error)?.message;
    if (sentence === undefined) throw error;
    return { status: "error", check, subject, detail: `can't be told: ${sentence}` };
  }
}

/** The answer of a call; undefined where the error has such a name. */
export async function unless<T>(name: RegExp, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (name.test((error as Error).name)) return undefined;
    throw error;
  }
}
