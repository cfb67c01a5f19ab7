/**
 * Stands in for Honeycomb: takes OTLP over HTTP in its binary form and remembers what came with which key.
 * https://docs.honeycomb.io/send-data/opentelemetry/
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { type ReceivedSpan, spansOf } from "./otlp";

export interface ReceivedExport {
  readonly path: string;
  readonly contentType: string;
  readonly encoding: string;
  /** `x-honeycomb-team` */
  readonly key: string;
  readonly spans: readonly ReceivedSpan[];
}

export class LocalHoneycomb {
  /** What it has taken, with 200. */
  readonly exports: ReceivedExport[] = [];
  /** What it answers; what isn't 200 it forgets. */
  status = 200;
  /** Requests that it has answered otherwise than with 200. */
  refused = 0;
  private server: Server | undefined;
  private listensOn = 0;

  get endpoint(): string {
    return `http://127.0.0.1:${this.listensOn}`;
  }

  get spanNames(): string[] {
    return this.exports.flatMap(({ spans }) => spans.map(({ name }) => name));
  }

  /** Listens, after a stop on the same port again. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      // What is no OTLP, or ended by its sender.
      this.take(request, response).catch(() => response.writeHead(400).end());
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.listensOn, "127.0.0.1", resolve);
    });
    this.listensOn = (server.address() as AddressInfo).port;
    return this;
  }

  /** Is away: connections are refused. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const header = (name: string) => String(request.headers[name] ?? "");
    const encoding = header("content-encoding");
    if (this.status === 200) {
      const body = Buffer.concat(parts);
      this.exports.push({
        path: request.url ?? "",
        contentType: header("content-type"),
        encoding,
        key: header("x-honeycomb-team"),
        spans: spansOf(encoding === "gzip" ? gunzipSync(body) : body),
      });
    } else this.refused += 1;
    // An empty ExportTraceServiceResponse.
    response.writeHead(this.status, { "Content-Type": "application/x-protobuf" }).end();
  }
}
