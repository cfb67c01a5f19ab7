/** Stands in for the app: answers 200 to everything and remembers what it saw. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case, values in the order in which they came. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const ok: Answer = (_request, response) => {
  response.end("ok");
};

export class RecordingBackend {
  readonly seen: SeenRequest[] = [];
  /** What it answers once a request is recorded. */
  answer: Answer = ok;
  private readonly server: Server;

  /** @param record @default true; false for load, which would fill the memory */
  constructor(record = true) {
    this.server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 256 * 1024 }, (request, response) => {
      if (record) this.seen.push(seenRequest(request));
      request.resume();
      this.answer(request, response);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param host address of an interface. @default the loopback interface's */
  async start(port = 0, host = "127.0.0.1"): Promise<this> {
    await new Promise<void>((resolve, reject) => this.server.once("error", reject).listen(port, host, resolve));
    return this;
  }

  /** Forgets what it saw and answers 200 again. */
  reset(): void {
    this.seen.length = 0;
    this.answer = ok;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

function seenRequest({ method = "", url = "", rawHeaders }: IncomingMessage): SeenRequest {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    headers[name] = [...(headers[name] ?? []), rawHeaders[index + 1] as string];
  }
  return { method, url, headers };
}
