/** How Envoy listens: behind one load balancer, to clients that nobody knows. */
import { apiHealthCheckPath, identityHeaderPrefix } from "../services/request-path";
import { accessLog } from "./access-log";
import { bufferLimitBytes } from "./clusters";
import { localReplies } from "./response-mappers";
import { routes } from "./routes";
import type { StringMatcher } from "./types/common";
import type { HealthCheckFilter, RouterFilter } from "./types/http-filter";
import type { HttpConnectionManager, Listener } from "./types/listener";
import type { TokenVerification } from "./verification";

/**
 * While Envoy drains, it answers the load balancer's health check itself: 503. Else the check is the app's.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/health_check_filter
 */
const healthCheck: HealthCheckFilter = {
  name: "envoy.filters.http.health_check",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck",
    pass_through_mode: true,
    headers: [{ name: ":path", string_match: { exact: apiHealthCheckPath } }],
  },
};

const router: RouterFilter = {
  name: "envoy.filters.http.router",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
    suppress_envoy_headers: true,
    // A cluster's figures by status cost time at each request. The access log has the statuses.
    dynamic_stats: false,
  },
};

/**
 * RE2 has no negation: texts that part from the protocol's name at each of its letters, or go on behind it. Case counts for
 * nothing in it.
 */
function anyProtocolBut(protocol: string): StringMatcher[] {
  const parting = [...protocol].map((letter, at) => `(?i)${protocol.slice(0, at)}([^${letter}].*)?`);
  return [...parting, `(?i)${protocol}.+`].map((regex) => ({ safe_regex: { regex } }));
}

function connectionManager(verification: TokenVerification, denialStatus: 401 | 403): HttpConnectionManager {
  return {
    stat_prefix: "ingress",
    // What a target group of HTTP version 1 sends.
    codec_type: "HTTP1",
    // The load balancer appends its client's address, which is the last that can be believed.
    use_remote_address: true,
    xff_num_trusted_hops: 1,
    // Nobody's `x-envoy-…` headers count. Without a range, Envoy would believe those of every private address that comes
    // past the load balancer; nothing is ever sent from this one.
    internal_address_config: { cidr_ranges: [{ address_prefix: "255.255.255.255", prefix_len: 32 }] },
    normalize_path: true,
    merge_slashes: true,
    path_with_escaped_slashes_action: "REJECT_REQUEST",
    common_http_protocol_options: {
      // Longer than the load balancer's 60 s: it must not meet a connection that was closed here.
      idle_timeout: "300s",
      max_headers_count: 100,
      // WSGI takes `X_Cognito_Username` for `X-Cognito-Username`.
      headers_with_underscores_action: "REJECT_REQUEST",
    },
    // An offer to change the protocol may be ignored, and clients make it of their own accord (Apache HttpClient: TLS/1.2); Envoy
    // would refuse the request with 403. A WebSocket is no offer: its client can do nothing with an ordinary answer.
    // https://www.rfc-editor.org/rfc/rfc9110#section-7.8
    http_protocol_options: { ignore_http_11_upgrade: anyProtocolBut("websocket") },
    max_request_headers_kb: 16,
    request_headers_timeout: "10s",
    request_timeout: "60s",
    stream_idle_timeout: "60s",
    always_set_request_id_in_response: true,
    // Before routes are chosen and filters run.
    early_header_mutation_extensions: [
      {
        name: "envoy.http.early_header_mutation.header_mutation",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
          mutations: [{ remove_on_match: { key_matcher: { prefix: identityHeaderPrefix, ignore_case: true } } }],
        },
      },
    ],
    access_log: accessLog,
    local_reply_config: localReplies(verification.responseMappers, denialStatus),
    http_filters: [healthCheck, verification.filter, router],
    route_config: {
      name: "routes",
      virtual_hosts: [{ name: "api", domains: ["*"], routes: routes(verification) }],
    },
  };
}

export function listener(port: number, verification: TokenVerification, denialStatus: 401 | 403): Listener {
  return {
    name: "http",
    address: { socket_address: { address: "0.0.0.0", port_value: port } },
    per_connection_buffer_limit_bytes: bufferLimitBytes,
    filter_chains: [
      {
        filters: [
          {
            name: "envoy.filters.network.http_connection_manager",
            typed_config: {
              "@type":
                "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              ...connectionManager(verification, denialStatus),
            },
          },
        ],
      },
    ],
  };
}
