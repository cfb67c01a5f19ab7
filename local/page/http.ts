/** Serves pages about a running system to browsers of this machine, and to nobody else. */
import { createServer, type IncomingMessage, type Server } from "node:http";

export interface PageAnswer {
  /** @default 200 */
  readonly status?: number;
  /** Of the content. */
  readonly type: string;
  readonly body: string;
  /** Where the browser goes on. @default it stays */
  readonly location?: string;
}

const headers = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'self'",
  "X-Content-Type-Options": "nosniff",
};

/** @param answerOf undefined for what isn't there */
export function pageServer(
  answerOf: (request: IncomingMessage) => PageAnswer | undefined | Promise<PageAnswer | undefined>,
): Server {
  const found = async (request: IncomingMessage): Promise<PageAnswer> => {
    if (!isOfHere(request)) {
      return { status: 403, type: "text/plain", body: "This page is for this machine: open it by localhost.\n" };
    }
    try {
      return (await answerOf(request)) ?? { status: 404, type: "text/plain", body: "There is no such page.\n" };
    } catch (error) {
      return { status: 500, type: "text/plain", body: `${(error as Error).message}\n` };
    }
  };
  return createServer(async (request, response) => {
    const { status = 200, type, body, location } = await found(request);
    response.writeHead(status, { ...headers, "Content-Type": type, ...(location && { Location: location }) }).end(body);
  });
}

/** A page of elsewhere may have a name that leads here, and may send a form here; but not with these headers. */
function isOfHere({ headers: { host = "", origin } }: IncomingMessage): boolean {
  return /^(localhost|127\.0\.0\.1):\d+$/.test(host) && (origin === undefined || origin === `http://${host}`);
}
