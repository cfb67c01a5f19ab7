/** An upstream. https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto */
import type { Address, Any, Duration, Extension, StringMatcher } from "./common";

export interface Cluster {
  readonly name: string;
  readonly type: "STRICT_DNS";
  readonly dns_lookup_family: "V4_ONLY" | "AUTO";
  readonly connect_timeout: Duration;
  readonly per_connection_buffer_limit_bytes: number;
  readonly circuit_breakers: {
    readonly thresholds: readonly {
      readonly max_connections: number;
      readonly max_pending_requests: number;
      readonly max_requests: number;
      readonly max_retries: number;
    }[];
  };
  readonly load_assignment: {
    readonly cluster_name: string;
    readonly endpoints: readonly {
      readonly lb_endpoints: readonly { readonly endpoint: { readonly address: Address } }[];
    }[];
  };
  readonly typed_extension_protocol_options: {
    readonly "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": Any<
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      {
        readonly common_http_protocol_options: { readonly idle_timeout: Duration };
        readonly explicit_http_config: { readonly http_protocol_options: Record<string, never> };
      }
    >;
  };
  readonly transport_socket?: Extension<
    "envoy.transport_sockets.tls",
    "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    {
      readonly sni: string;
      readonly common_tls_context: {
        readonly tls_params: { readonly tls_minimum_protocol_version: "TLSv1_2" | "TLSv1_3" };
        readonly validation_context: {
          readonly trusted_ca: { readonly filename: string };
          readonly match_typed_subject_alt_names: readonly {
            readonly san_type: "DNS";
            readonly matcher: StringMatcher;
          }[];
        };
      };
    }
  >;
}
