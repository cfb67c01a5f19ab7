/** Looks at AWS that go on while it can't answer for now: throttling, an outage, a network that is away. */
import { setTimeout as wait } from "node:timers/promises";
import { awsUserError } from "./aws";

/** A network that was there before this wait, and is away. */
const awayCodes =
  /^(EAI_AGAIN|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)$/;
/** What AWS's services say beside the names that the SDK knows: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html */
const passingNames =
  /^(\w*Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|SlowDown|ServiceUnavailable\w*|InternalFailure|InternalError|InternalServerError|InternalServiceError|ServerException|RequestTimeout\w*|TimeoutError|AbortError|CredentialsTimeout\w*)$/;

interface CallError extends Error {
  readonly code?: string;
  readonly errors?: readonly unknown[];
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether a call may succeed when it is made again as it is. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code = "", errors = [], cause, $metadata } = error as CallError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status >= 500 || status === 429 || status === 408) return true;
  const { isThrottlingError, isTransientError } = require("@smithy/core/retry") as typeof import("@smithy/core/retry");
  if (isThrottlingError(error as never) || isTransientError(error as never)) return true;
  if (passingNames.test(name) || awayCodes.test(code) || awayCodes.test(name)) return true;
  return errors.some(isPassing) || (cause !== undefined && isPassing(cause));
}

export interface LookOptions {
  /** Milliseconds since 1970 at which the wait ends. @default never */
  readonly deadline?: number;
  /** Time between two looks, in milliseconds. */
  readonly intervalMs: number;
  /** Gets each new reason for which nothing can be seen. */
  readonly report: (line: string) => void;
}

/** The wait has ended with looks that failed. */
export class NotSeen {
  /** @param reason the last of them, a sentence without a full stop */
  constructor(readonly reason: string) {}
}

/** A look that takes longer is given up, and the next one made: longer than the SDK's own attempts take. */
const longestLookMs = 60_000;

/**
 * Makes a look as often as it takes.
 * @param look to be given up when its signal aborts
 * @returns what was seen; `NotSeen` where nothing was until the deadline
 * @throws what AWS refuses for good
 */
export async function seen<T>(
  look: (signal: AbortSignal) => Promise<T>,
  { deadline = Number.POSITIVE_INFINITY, intervalMs, report }: LookOptions,
): Promise<T | NotSeen> {
  let told = "";
  for (;;) {
    const rest = deadline - Date.now();
    const signal = AbortSignal.timeout(Math.min(longestLookMs, Math.max(rest, 1000)));
    try {
      return await look(signal);
    } catch (error) {
      if (!signal.aborted && !isPassing(error)) throw error;
      const reason = reasonOf(error, signal);
      if (Date.now() >= deadline) return new NotSeen(reason);
      if (reason !== told) report(`${reason}: looking on`);
      told = reason;
    }
    await wait(Math.min(intervalMs, Math.max(deadline - Date.now(), 0)));
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "AWS gives no answer";
  const sentence = awsUserError(error)?.message ?? String((error as Error).message);
  // Without what a user could do: the command does it.
  return sentence.replace(/: (try again|check the network)[^.]*\.$/, "").replace(/\. Try later\.$|\.$/, "");
}
