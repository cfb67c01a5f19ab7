/** Where Envoy connects to. */
import type { Endpoint } from "./request-path";
import type { Cluster } from "./types/cluster";
import type { Duration } from "./types/common";

/** https://www.envoyproxy.io/docs/envoy/latest/configuration/best_practices/edge */
export const bufferLimitBytes = 32 * 1024;

/** The root certificates of Debian and Ubuntu, on which Envoy's image is based. */
const rootCertificates = "/etc/ssl/certs/ca-certificates.crt";

export interface ClusterOptions {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** How long a connection stays open without requests: less than the other side keeps it. */
  readonly idleTimeout: Duration;
  /** Verifies the host's certificate. @default false */
  readonly tls?: boolean;
}

export function cluster({ name, endpoint: { host, port }, idleTimeout, tls = false }: ClusterOptions): Cluster {
  return {
    name,
    type: "STRICT_DNS",
    // Service Connect's hosts entries have an IPv6 address too, to which a task without IPv6 has no route.
    dns_lookup_family: "V4_ONLY",
    connect_timeout: "1s",
    per_connection_buffer_limit_bytes: bufferLimitBytes,
    // Far more than a task of this size serves at a time: what comes on top is refused at once, not queued.
    circuit_breakers: {
      thresholds: [{ max_connections: 256, max_pending_requests: 256, max_requests: 512, max_retries: 16 }],
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [
        { lb_endpoints: [{ endpoint: { address: { socket_address: { address: host, port_value: port } } } }] },
      ],
    },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        common_http_protocol_options: { idle_timeout: idleTimeout },
        explicit_http_config: { http_protocol_options: {} },
      },
    },
    ...(tls ? { transport_socket: tlsSocket(host) } : {}),
  };
}

function tlsSocket(host: string): Cluster["transport_socket"] {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      sni: host,
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        validation_context: {
          trusted_ca: { filename: rootCertificates },
          // Without it any certificate that some authority has signed would do.
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
        },
      },
    },
  };
}
