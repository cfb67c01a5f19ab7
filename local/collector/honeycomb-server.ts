/**
 * The Honeycomb stand-in as a program: takes OTLP over HTTP at /v1/traces, and answers `GET /traces` with the last traces as JSON.
 * It is bundled into an image of its own, so it imports nothing but its neighbour.
 */
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { type TimedSpan, timedSpansOf } from "./otlp";

export interface KeptTrace {
  readonly traceId: string;
  readonly spans: readonly TimedSpan[];
}

/** So many traces are kept, the newest ones. */
const kept = 200;
const traces = new Map<string, TimedSpan[]>();

function keep(spans: readonly TimedSpan[]): void {
  for (const span of spans) {
    const trace = traces.get(span.traceId) ?? [];
    trace.push(span);
    traces.delete(span.traceId);
    traces.set(span.traceId, trace);
  }
  for (const old of [...traces.keys()].slice(0, Math.max(0, traces.size - kept))) traces.delete(old);
}

const server = createServer(async (request, response) => {
  const answer = (status: number, type: string, body = "") =>
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    if (request.method === "GET" && request.url === "/traces") {
      const newest: KeptTrace[] = [...traces].reverse().map(([traceId, spans]) => ({ traceId, spans }));
      answer(200, "application/json", JSON.stringify(newest));
    } else if (request.method === "POST" && request.url === "/v1/traces") {
      keep(timedSpansOf(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body));
      answer(200, "application/x-protobuf");
    } else answer(404, "text/plain");
  } catch {
    answer(400, "text/plain", "Not OTLP over HTTP in its binary form.\n");
  }
});
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(0));
server.listen(Number(process.env.PORT ?? 4319), "0.0.0.0");
