/** A small app behind Envoy: the feed of the sample backend, kept in memory. It knows a user by Envoy's header alone. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiHealthCheckPath, usernameHeader } from "../../../services/request-path";

export const feedPath = "/api/activities/home";
export const postPath = "/api/activities";
/** On every answer of the app: Envoy's own answers lack it. */
export const appHeader = "x-sample-app";

const longestFeed = 50;
const longestBody = 10_000;

interface Activity {
  readonly user: string;
  readonly message: string;
}

/** Answers JSON: `{user, …}`, with the user's name as Envoy told it, or null. */
export class SampleApp {
  private readonly activities: Activity[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      const [status, body] = await this.answer(request);
      response.writeHead(status, { "content-type": "application/json", [appHeader]: "1" });
      response.end(`${JSON.stringify(body)}\n`);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage): Promise<[number, object]> {
    const { method = "", url = "", headers } = request;
    const name = headers[usernameHeader];
    const user = typeof name === "string" && name !== "" ? name : null;
    const path = url.split("?")[0];
    let text = "";
    for await (const chunk of request) if (text.length < longestBody) text += chunk;
    if (path === apiHealthCheckPath) return [200, { success: true }];
    if (method === "POST" && path === postPath) {
      if (user === null) return [401, { user, error: "Sign in first: nobody is known by this request." }];
      const message = messageOf(text);
      if (message === undefined) return [422, { user, error: 'Give JSON such as {"message": "Hello"}.' }];
      this.activities.unshift({ user, message });
      this.activities.length = Math.min(this.activities.length, longestFeed);
      return [201, { user, message }];
    }
    if (method === "GET" && path === feedPath) return [200, { user, activities: this.activities }];
    return [404, { user, error: `There is ${feedPath} to GET, and ${postPath} to POST to.` }];
  }
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text);
    return typeof message === "string" && message.trim() !== "" ? message.trim().slice(0, 280) : undefined;
  } catch {
    return undefined;
  }
}
