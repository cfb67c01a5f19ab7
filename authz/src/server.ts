/**
 * The authorizer's HTTP side, as Envoy's `ext_authz` asks it: 200 lets the request go on, with `x-cognito-username` where
 * there is a user; any other answer is what the client gets.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_authz_filter
 *
 * `GET /health-check` is 200 `{"status":"ok"}` with keys at hand, else 503. Every other method and path is a request to
 * decide upon; of its headers only `authorization` counts.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { authzHealthCheckPath, usernameHeader } from "../../services/request-path";
import type { Authorizer, Decision } from "./authorizer";

export interface ServerOptions {
  readonly authorizer: Authorizer;
  readonly isHealthy: () => boolean;
  readonly onDecision: (decision: Decision) => void;
}

export class AuthzServer {
  readonly http: Server;
  private closing = false;

  constructor(private readonly options: ServerOptions) {
    this.http = createServer(
      {
        // Envoy's own limit is the one that decides; it forwards the whole path.
        maxHeaderSize: 96 * 1024,
        // Longer than any Envoy keeps an idle connection (an hour by default): a request never meets one that was closed here.
        keepAliveTimeout: 3_700_000,
      },
      (request, response) => this.answer(request, response),
    );
  }

  /** From now on each answer ends its connection, so that Envoy opens no further requests on it. */
  drain(): void {
    this.closing = true;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.closing) response.shouldKeepAlive = false;
    if (request.url === authzHealthCheckPath && request.method === "GET") {
      const healthy = !this.closing && this.options.isHealthy();
      send(response, healthy ? 200 : 503, [], JSON.stringify({ status: healthy ? "ok" : "unavailable" }));
      return;
    }
    const decision = this.options.authorizer.decide(request.method, request.rawHeaders);
    if (decision instanceof Promise) decision.then((late) => this.sendDecision(response, late));
    else this.sendDecision(response, decision);
  }

  private sendDecision(response: ServerResponse, decision: Decision): void {
    this.options.onDecision(decision);
    switch (decision.outcome) {
      case "verified":
        // Node writes headers as Latin-1, one byte a character.
        send(response, 200, [usernameHeader, Buffer.from(decision.username, "utf8").toString("latin1")]);
        break;
      case "anonymous":
        send(response, 200, []);
        break;
      case "denied":
        send(response, 401, ["www-authenticate", challenge(decision.reason)], '{"message":"Unauthorized"}');
        break;
      case "unavailable":
        send(response, 503, [], '{"message":"The authorization can\'t be verified at the moment"}');
        break;
    }
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3.1: no error code where no authentication was tried. */
function challenge(reason: string): string {
  return reason === "missing" ? "Bearer" : 'Bearer error="invalid_token"';
}

function send(response: ServerResponse, status: number, headers: string[], json?: string): void {
  response.sendDate = false;
  if (json !== undefined) headers.push("content-type", "application/json");
  headers.push("content-length", String(json?.length ?? 0));
  response.writeHead(status, headers);
  response.end(json);
}
