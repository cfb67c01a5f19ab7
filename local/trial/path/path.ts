/** The request path over a deployed user pool: the real Envoy, the authorizer, and the sample app behind them. */
import { request } from "node:http";
import type { RequestPath } from "../../../envoy/request-path";
import { runProcess } from "../../../lib/run-process";
import { UserError } from "../../../lib/user-error";
import { type LocalAuthorizer, startLocalAuthorizer } from "../../envoy/authorizer";
import { envoyCommand } from "../../envoy/binary";
import { startLocalEnvoy } from "../../envoy/envoy";
import { withLoggedUser } from "../../system/logged-user";
import { appHeader, SampleApp } from "./sample-app";
import type { TrialPool } from "./user";

export interface PathSettings {
  readonly authz: boolean;
  readonly envoy: { readonly denialStatus: RequestPath["denialStatus"] };
}

export interface PathOptions {
  readonly project: string;
  readonly pool: TrialPool;
  readonly settings: PathSettings;
}

export interface PathAnswer {
  readonly status: number;
  /** As whom the app answered; undefined where Envoy did. */
  readonly user?: string | null;
}

export interface PathRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TrialPath {
  /** Of the loopback interface. */
  readonly ports: { readonly envoy: number; readonly app: number; readonly authorizer?: number };
  /** Whether an authorizer verifies tokens; else Envoy does. */
  readonly hasAuthorizer: boolean;
  /** Envoy's log so far. */
  readonly log: () => string;
  send(request: PathRequest): Promise<PathAnswer>;
  stopAuthorizer(): Promise<void>;
  /** Starts it again where it was. */
  startAuthorizer(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns why there is no Envoy on this machine; undefined where there is one */
export async function whyNoEnvoy(project: string, report: (line: string) => void): Promise<string | undefined> {
  let command: string;
  try {
    command = await envoyCommand(project, report);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  const { exitCode, stderr } = await runProcess(command, ["--version"]);
  return exitCode === 0 ? undefined : `${command} doesn't run here: ${stderr.trim().split("\n").at(-1)}`;
}

/** Parts that were started before one that fails are stopped. */
export async function startTrialPath({ project, pool, settings }: PathOptions): Promise<TrialPath> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  const { id: userPoolId, clientId } = pool;
  const jwks = `${pool.endpoint}/${userPoolId}/.well-known/jwks.json`;
  let authorizer: LocalAuthorizer | undefined;
  let authzPort = 0;
  const startAuthorizer = async () => {
    if (!settings.authz || authorizer !== undefined) return;
    authorizer = await startLocalAuthorizer({ project, userPoolId, clientId, jwks, port: authzPort });
    authzPort = authorizer.port;
  };
  const stopAuthorizer = async () => {
    await authorizer?.stop();
    authorizer = undefined;
  };
  try {
    const app = await new SampleApp().start();
    stops.push(() => app.stop());
    stops.push(stopAuthorizer);
    await startAuthorizer();
    const envoy = await startLocalEnvoy({
      project,
      path: {
        port: 0,
        adminPort: 0,
        backend: { host: "127.0.0.1", port: app.port },
        denialStatus: settings.envoy.denialStatus,
        verification: settings.authz
          ? { mode: "ext_authz", authz: { host: "127.0.0.1", port: authzPort } }
          : { mode: "jwt_authn", userPoolId, clientId, jwks: { url: jwks } },
      },
      edited: withLoggedUser,
    });
    stops.push(envoy.stop);
    return {
      // It is started again where it was.
      ports: { envoy: envoy.port, app: app.port, ...(settings.authz && { authorizer: authzPort }) },
      hasAuthorizer: settings.authz,
      log: envoy.output,
      send: (asked) => send(envoy.port, asked),
      stopAuthorizer,
      startAuthorizer,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function send(port: number, { method, path, headers = {}, body }: PathRequest): Promise<PathAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      const status = response.statusCode ?? 0;
      if (response.headers[appHeader] === undefined) return resolve({ status });
      return resolve({ status, user: JSON.parse(text).user });
    });
    sent.once("error", (error) => reject(new UserError(`${method} ${path} got no answer of Envoy: ${error.message}`)));
    sent.setTimeout(15_000, () => sent.destroy(new Error("none came within 15 s")));
    sent.end(body);
  });
}
