/** The last requests, from Envoy's log. */

export interface LoggedRequest {
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Cognito's own name of the user; absent for nobody. */
  readonly user?: string;
  readonly durationMs: number;
}

/** @param log lines of Envoy's output, which holds others, too. @returns the newest first */
export function requestsOf(log: string, count: number): LoggedRequest[] {
  return log
    .split("\n")
    .flatMap((line) => {
      try {
        const fields = JSON.parse(line);
        return typeof fields.method === "string" && typeof fields.status === "number" ? [fields as LoggedRequest] : [];
      } catch {
        return [];
      }
    })
    .slice(-count)
    .reverse();
}
