/**
 * Envoy's whole configuration. https://www.envoyproxy.io/docs/envoy/latest/configuration/overview/bootstrap
 */
import { stringify } from "yaml";
import { cluster } from "./clusters";
import { extAuthz } from "./ext-authz";
import { jwtAuthn } from "./jwt-authn";
import { listener } from "./listener";
import { overloadManager } from "./overload";
import type { RequestPath } from "./request-path";
import { backendCluster } from "./routes";
import type { Bootstrap } from "./types/bootstrap";

/**
 * What the health check of the task definition, the drain and a look at the figures need. The port is open to all
 * containers of the task.
 */
const adminPaths = ["/server_info", "/ready", "/stats", "/listeners", "/healthcheck/fail", "/drain_listeners"];

export function bootstrap({ port, adminPort, backend, verification, denialStatus }: RequestPath): Bootstrap {
  const tokenVerification = verification.mode === "ext_authz" ? extAuthz(verification.authz) : jwtAuthn(verification);
  return {
    admin: {
      address: { socket_address: { address: "127.0.0.1", port_value: adminPort } },
      ignore_global_conn_limit: true,
      allow_paths: adminPaths.map((prefix) => ({ prefix })),
    },
    static_resources: {
      listeners: [listener(port, tokenVerification, denialStatus)],
      clusters: [
        // Below the 2 s for which gunicorn keeps a connection: the app mustn't close one that a request is about to take.
        cluster({ name: backendCluster, endpoint: backend, idleTimeout: "1s" }),
        ...tokenVerification.clusters,
      ],
    },
    overload_manager: overloadManager,
  };
}

/** As Envoy reads it from a file. */
export function envoyYaml(path: RequestPath): string {
  const heading = `# Rendered by "npm run render" from envoy/*.ts (${path.verification.mode}): changes belong there.\n`;
  return heading + stringify(bootstrap(path), { lineWidth: 0, aliasDuplicateObjects: false });
}
