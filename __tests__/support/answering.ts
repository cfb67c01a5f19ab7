import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A server in the place of AWS, and the configuration with which the SDK's clients ask it, each call once. */
export async function answering(answer: (request: IncomingMessage) => Answer) {
  const server = createServer((request, response) => {
    const { status, body } = answer(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    config: {
      region: "eu-central-1",
      endpoint,
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      maxAttempts: 1,
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
