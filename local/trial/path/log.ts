import { setTimeout as sleep } from "node:timers/promises";
import { requestsOf } from "../../page/requests";

const longestMs = 5000;

/** How many requests are in Envoy's log. */
export const loggedRequests = (log: string): number => requestsOf(log, Number.POSITIVE_INFINITY).length;

/** Envoy writes its log a moment after its answer: waits for so many requests in all, or for 5 s. */
export async function untilLogged(log: () => string, requests: number): Promise<void> {
  for (let waited = 0; loggedRequests(log()) < requests && waited < longestMs; waited += 20) await sleep(20);
}
