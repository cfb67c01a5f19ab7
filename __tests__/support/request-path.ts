/** The whole request path on this machine: user pool, authorizer, real Envoy and a backend that records. */
import type { RequestPath, Verification } from "../../envoy/request-path";
import { type LocalAuthorizer, startLocalAuthorizer } from "../../local-envoy/authorizer";
import { type LocalEnvoy, type LocalEnvoyOptions, startLocalEnvoy } from "../../local-envoy/envoy";
import { RecordingBackend, type SeenRequest } from "../../local-envoy/recording-backend";
import { UserPool } from "../../local-envoy/user-pool";
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
  stop(): Promise<void>;
}

export interface LocalRequestPathOptions extends Partial<Omit<LocalEnvoyOptions, "project" | "path">> {
  readonly pool?: UserPool;
  readonly denialStatus?: RequestPath["denialStatus"];
  readonly jwksRefreshSeconds?: number;
  readonly record?: boolean;
}

/** Parts that were started before one that fails are stopped. */
export async function startRequestPath(mode: Mode, options: LocalRequestPathOptions = {}): Promise<LocalRequestPath> {
  const { pool: givenPool, denialStatus = 401, jwksRefreshSeconds, record = true, ...envoyOptions } = options;
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
      mode === "ext_authz" ? await startLocalAuthorizer({ project, userPoolId, clientId, jwks: jwksUrl }) : undefined;
    if (authorizer !== undefined) started.push(authorizer.stop);
    const envoy = await startLocalEnvoy({
      project,
      path: {
        port: 0,
        adminPort: 0,
        backend: { host: "127.0.0.1", port: backend.port },
        denialStatus,
        verification:
          authorizer === undefined
            ? { mode: "jwt_authn", userPoolId, clientId, jwks: { url: jwksUrl }, jwksRefreshSeconds }
            : { mode: "ext_authz", authz: { host: "127.0.0.1", port: authorizer.port } },
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
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
