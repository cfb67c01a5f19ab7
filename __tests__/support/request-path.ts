/** The whole request path on this machine: user pool, authorizer, real Envoy and a backend that records. */
import type { RequestPath, Verification } from "../../envoy/request-path";
import { UserPool } from "../../local/cognito/user-pool";
import { type LocalAuthorizer, startLocalAuthorizer } from "../../local/envoy/authorizer";
import { type LocalEnvoy, type LocalEnvoyOptions, startLocalEnvoy } from "../../local/envoy/envoy";
import { RecordingBackend, type SeenRequest } from "../../local/envoy/recording-backend";
import { usernameHeader } from "../../services/request-path";
import { until, untilAsync } from "./processes";
import { project } from "./project";
import { type RawRequest, type RawResponse, send } from "./raw-http";

export type Mode = Verification["mode"];
export const modes: readonly Mode[] = ["ext_authz", "jwt_authn"];

export interface Measured extends RawResponse {
  /** What reached the backend, oldest first. */
  readonly seen: readonly SeenRequest[];
}

export interface LocalRequestPath {
  readonly mode: Mode;
  readonly pool: UserPool;
  readonly backend: RecordingBackend;
  readonly envoy: LocalEnvoy;
  readonly authorizer: LocalAuthorizer | undefined;
  /** Sends one request and waits for its response. */
  send(request?: RawRequest): Promise<Measured>;
  /** Waits for the line of the access log that tells of a response. */
  logged(response: RawResponse): Promise<Readonly<Record<string, unknown>>>;
  /** Waits until Envoy's figures are such, and gives them. */
  stats(such: (figures: Readonly<Record<string, number>>) => boolean): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export interface LocalRequestPathOptions extends Partial<Omit<LocalEnvoyOptions, "project" | "path">> {
  /** @default one of its own, which is stopped with it */
  readonly pool?: UserPool;
  /** Under which Envoy finds the app and the authorizer. @default 127.0.0.1 */
  readonly host?: string;
  /** Port of what stands in for the authorizer. @default the project's own */
  readonly authzPort?: number;
  /** Whether the authorizer must have keys before the path is ready. @default true */
  readonly healthy?: boolean;
  readonly denialStatus?: RequestPath["denialStatus"];
  readonly jwksRefreshSeconds?: number;
  readonly record?: boolean;
}

/** In the words of the tables: the status, and as whom the request reached the app. */
export function outcome({ status, seen }: Measured): string {
  const users = seen.flatMap(({ headers }) => headers[usernameHeader] ?? []);
  const claimed = seen.flatMap(({ headers }) => Object.keys(headers)).filter((name) => name.startsWith("x-cognito-"));
  const others = claimed.filter((name) => name !== usernameHeader);
  if (seen.length === 0) return String(status);
  return [`${status} ${users.join(" and ") || "nobody"}`, ...others].join(", with ");
}

/** Parts that were started before one that fails are stopped. */
export async function startRequestPath(mode: Mode, options: LocalRequestPathOptions = {}): Promise<LocalRequestPath> {
  const { pool: givenPool, denialStatus = 401, jwksRefreshSeconds, record = true, ...more } = options;
  const { authzPort, healthy = true, host = "127.0.0.1", ...envoyOptions } = more;
  const pool = givenPool ?? new UserPool();
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopPart of started.reverse()) await stopPart();
  };
  try {
    if (givenPool === undefined) {
      await pool.serve();
      started.push(() => pool.stop());
    }
    const { userPoolId, clientId, jwksUrl } = pool;
    const backend = await new RecordingBackend(record).start();
    started.push(() => backend.stop());
    const authorizer =
      mode === "ext_authz" && authzPort === undefined
        ? await startLocalAuthorizer({ project, userPoolId, clientId, jwks: jwksUrl, healthy })
        : undefined;
    if (authorizer !== undefined) started.push(authorizer.stop);
    const envoy = await startLocalEnvoy({
      project,
      path: {
        port: 0,
        adminPort: 0,
        backend: { host, port: backend.port },
        denialStatus,
        verification:
          mode === "jwt_authn"
            ? { mode, userPoolId, clientId, jwks: { url: jwksUrl }, jwksRefreshSeconds }
            : { mode, authz: { host, port: authzPort ?? authorizer?.port ?? 0 } },
      },
      ...envoyOptions,
    });
    started.push(envoy.stop);
    return {
      mode,
      pool,
      backend,
      envoy,
      authorizer,
      send: async (request) => {
        const before = backend.seen.length;
        const response = await send(envoy.port, request);
        return { ...response, seen: backend.seen.slice(before) };
      },
      logged: async ({ headers }) => {
        const line = () =>
          envoy
            .output()
            .split("\n")
            .find((text) => text.includes(`"${headers["x-request-id"]}"`));
        await until(() => line() !== undefined, "a line of the access log");
        return JSON.parse(line() ?? "");
      },
      stats: async (such) => {
        let figures: Record<string, number> = {};
        await untilAsync(async () => {
          const { stats } = (await (
            await fetch(`http://127.0.0.1:${envoy.adminPort}/stats?format=json&type=All`)
          ).json()) as { stats: { name?: string; value?: number }[] };
          figures = Object.fromEntries(stats.map(({ name = "", value = 0 }) => [name, value]));
          return such(figures);
        }, "figures of Envoy");
        return figures;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
