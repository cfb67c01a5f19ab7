import { connect } from "node:net";

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** As they go over the wire: any case, any order, any number. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

export interface RawResponse {
  readonly status: number;
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly milliseconds: number;
}

/** One request on a connection of its own, which no client library has tidied up. */
export async function send(port: number, request: RawRequest = {}): Promise<RawResponse> {
  const { method = "GET", path = "/api/activities/home", headers = [], body = "" } = request;
  const length =
    body === "" && ["GET", "HEAD", "OPTIONS"].includes(method) ? [] : [["content-length", String(body.length)]];
  const lines = [["host", "api.cruddur.example.com"], ["connection", "close"], ...length, ...headers];
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return sendText(port, `${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
}

/** @param text in Latin-1 @returns the first response that is whole @throws where the connection ends without one */
export function sendText(port: number, text: string): Promise<RawResponse> {
  const started = performance.now();
  const expectsBody = !text.startsWith("HEAD ");
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"));
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      answer += chunk;
      const response = parsed(answer, performance.now() - started, expectsBody);
      if (response === undefined) return;
      resolve(response);
      socket.destroy();
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error(`No answer but "${answer.slice(0, 200)}"`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`No whole response but "${answer.slice(0, 200)}"`)));
  });
}

function parsed(answer: string, milliseconds: number, expectsBody: boolean): RawResponse | undefined {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = answer.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const rest = answer.slice(end + 4);
  if (!expectsBody || status === 204) return { status, headers, body: "", milliseconds };
  if (headers["transfer-encoding"] === "chunked") {
    return rest.endsWith("0\r\n\r\n") ? { status, headers, body: dechunked(rest), milliseconds } : undefined;
  }
  return rest.length >= Number(headers["content-length"] ?? 0)
    ? { status, headers, body: rest, milliseconds }
    : undefined;
}

function dechunked(text: string): string {
  let body = "";
  let rest = text;
  for (;;) {
    const [, size] = /^([0-9a-fA-F]+)\r\n/.exec(rest) ?? [];
    if (size === undefined || Number.parseInt(size, 16) === 0) return body;
    const start = size.length + 2;
    const length = Number.parseInt(size, 16);
    body += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
  }
}
