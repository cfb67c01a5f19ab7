/** Envoys that aren't this project's: what the bench compares with, and what stands in for the app. */
import type { Endpoint } from "../../../envoy/request-path";
import { apiPrefix, usernameHeader } from "../../../services/request-path";

/** The response header in which the stand-in for the app tells who the user was. */
export const seenUserHeader = "x-seen-user";

const typeUrl = (name: string) => `type.googleapis.com/envoy.${name}`;
const router = {
  name: "envoy.filters.http.router",
  typed_config: { "@type": typeUrl("extensions.filters.http.router.v3.Router") },
};

function configuration(routes: readonly object[], filters: readonly object[], clusters: readonly object[]): string {
  const connectionManager = {
    "@type": typeUrl("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "ingress_http",
    codec_type: "AUTO",
    http_filters: [...filters, router],
    route_config: { name: "local_route", virtual_hosts: [{ name: "app", domains: ["*"], routes }] },
  };
  return JSON.stringify({
    admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } },
    static_resources: {
      listeners: [
        {
          name: "listener_0",
          address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
          filter_chains: [
            {
              filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: connectionManager }],
            },
          ],
        },
      ],
      clusters,
    },
  });
}

function cluster(name: string, { host, port }: Endpoint): object {
  const address = { socket_address: { address: host, port_value: port } };
  return {
    name,
    type: "STRICT_DNS",
    lb_policy: "ROUND_ROBIN",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

/** The original's Envoy: the authorizer is asked about every request below /api and may take 5 s. */
export function originalEnvoy(backend: Endpoint, authz: Endpoint): string {
  const extAuthz = {
    name: "envoy.filters.http.ext_authz",
    typed_config: {
      "@type": typeUrl("extensions.filters.http.ext_authz.v3.ExtAuthz"),
      transport_api_version: "V3",
      http_service: {
        server_uri: { uri: `http://${authz.host}:${authz.port}`, cluster: "authz", timeout: "5s" },
        authorization_response: { allowed_upstream_headers: { patterns: [{ exact: usernameHeader }] } },
      },
      allowed_headers: { patterns: [{ exact: "authorization" }] },
    },
  };
  return configuration(
    [{ match: { prefix: apiPrefix }, route: { cluster: "backend-flask" } }],
    [extAuthz],
    [cluster("backend-flask", backend), cluster("authz", authz)],
  );
}

/** Stands in for the app: the fastest HTTP server at hand, which tells the user that it was told. */
export function backendEnvoy(): string {
  const told = { header: { key: seenUserHeader, value: `%REQ(${usernameHeader})%` } };
  const route = {
    match: { prefix: "/" },
    direct_response: { status: 200, body: { inline_string: '{"activities":[]}' } },
    response_headers_to_add: [told],
  };
  return configuration([route], [], []);
}
