import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that changes something: `PUT /bucket/key`, `DynamoDB PutItem`. */
export interface Write {
  /** Counted from 0. */
  readonly index: number;
  readonly what: string;
}

/** What becomes of a write instead: cut off without an answer, or refused as S3 refuses who may not. */
type Verdict = "drop" | "forbid" | undefined;

export interface WriteProxy {
  readonly endpoint: string;
  readonly writes: readonly Write[];
  /** Called before a write is handed on, unless it says otherwise, and after it was carried out but not answered yet. */
  onWrite: (write: Write, moment: "before" | "after") => Promise<Verdict> | Verdict;
  close(): Promise<void>;
}

/** Stands between Terraform's backend and the store, and counts what changes something there. */
export async function startWriteProxy(target: string): Promise<WriteProxy> {
  const writes: Write[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer(async (incoming, answer) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      // Who asked was killed.
      return;
    }
    const what = written(incoming.method ?? "", incoming.url ?? "", String(incoming.headers["x-amz-target"] ?? ""));
    const write = what === undefined ? undefined : { index: writes.length, what };
    if (write !== undefined) {
      writes.push(write);
      const verdict = await proxy.onWrite(write, "before");
      if (verdict === "drop") {
        answer.destroy();
        return;
      }
      if (verdict === "forbid") {
        answer.writeHead(403, { "content-type": "application/xml" });
        answer.end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        return;
      }
    }
    const onward = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      async (response) => {
        const body: Buffer[] = [];
        for await (const chunk of response) body.push(chunk);
        if (write !== undefined) await proxy.onWrite(write, "after");
        if (answer.destroyed) return;
        answer.writeHead(response.statusCode ?? 502, response.headers);
        answer.end(Buffer.concat(body));
      },
    );
    onward.on("error", () => answer.destroy());
    onward.end(Buffer.concat(chunks));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: WriteProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    onWrite: () => undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

function written(method: string, url: string, target: string): string | undefined {
  const path = url.replace(/\?.*$/, "");
  if (method === "PUT" || method === "DELETE") return `${method} ${path}`;
  const operation = /^DynamoDB_\d+\.(PutItem|DeleteItem|UpdateItem)$/.exec(target)?.[1];
  return operation === undefined ? undefined : `DynamoDB ${operation}`;
}
