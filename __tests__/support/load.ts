import { Agent, request } from "node:http";

export interface LoadResult {
  readonly answers: number;
  /** Statuses other than 200 and errors, with how often each came. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface LoadOptions {
  readonly port: number;
  /** Requests at the same time, each worker's one after the other on a kept connection. */
  readonly workers: number;
  readonly headers: () => Readonly<Record<string, string>>;
  /** @default GET and POST in turn */
  readonly methods?: readonly string[];
  /** Ends the load: no request is begun any more. */
  readonly signal: AbortSignal;
}

/** Requests without a pause until the signal; resolves when the last is answered. */
export async function load({
  port,
  workers,
  headers,
  methods = ["GET", "POST"],
  signal,
}: LoadOptions): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const failures: Record<string, number> = {};
  let answers = 0;
  const once = (method: string) =>
    new Promise<string>((resolve) => {
      const sent = request(
        { port, host: "127.0.0.1", method, path: "/api/load", agent, headers: headers() },
        (response) => {
          response.resume().on("end", () => resolve(String(response.statusCode)));
          response.on("error", (error) => resolve(error.message));
        },
      );
      sent.on("error", ({ message }) => resolve(message)).end();
    });
  const work = async (_worker: unknown, first: number) => {
    for (let turn = first; !signal.aborted; turn += 1) {
      const outcome = await once(methods[turn % methods.length] ?? "GET");
      answers += 1;
      if (outcome !== "200") failures[outcome] = (failures[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  agent.destroy();
  return { answers, failures };
}
