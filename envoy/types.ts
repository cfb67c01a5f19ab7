/**
 * The parts of Envoy's v3 API that the configuration uses, under its own names, so that a mistyped field is a compile
 * error here and not a refusal of a starting Envoy. https://www.envoyproxy.io/docs/envoy/latest/api-v3/api
 */

/** Protobuf's JSON form: `"0.5s"`. */
export type Duration = `${number}s`;

type Any<Type extends string, Fields> = { readonly "@type": `type.googleapis.com/${Type}` } & Fields;

/** An extension with its configuration. */
export interface Extension<Name extends string, Type extends string, Fields> {
  readonly name: Name;
  readonly typed_config: Any<Type, Fields>;
}

export type StringMatcher =
  | { readonly exact: string; readonly ignore_case?: boolean }
  | { readonly prefix: string; readonly ignore_case?: boolean }
  | { readonly safe_regex: { readonly regex: string } };

export interface Address {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

export interface HeaderMatcher {
  readonly name: string;
  readonly string_match?: StringMatcher;
  readonly present_match?: boolean;
}

/** A value of a filter's dynamic metadata. */
export interface MetadataMatcher {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
  readonly value: { readonly string_match: StringMatcher };
}

export interface RouteMatch {
  readonly path?: string;
  readonly path_separated_prefix?: string;
  readonly headers?: readonly HeaderMatcher[];
  readonly dynamic_metadata?: readonly MetadataMatcher[];
}

export interface HeaderValueOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly append_action: "OVERWRITE_IF_EXISTS_OR_ADD";
}

export interface RetryPolicy {
  readonly retry_on: string;
  readonly num_retries: number;
  readonly retry_back_off: { readonly base_interval: Duration; readonly max_interval: Duration };
}

export type PerFilterConfig = Readonly<Record<string, Any<string, Readonly<Record<string, unknown>>>>>;

export type Route = {
  readonly name: string;
  readonly match: RouteMatch;
  readonly request_headers_to_add?: readonly HeaderValueOption[];
  readonly request_headers_to_remove?: readonly string[];
  readonly typed_per_filter_config?: PerFilterConfig;
} & (
  | { readonly route: { readonly cluster: string; readonly timeout: Duration; readonly retry_policy?: RetryPolicy } }
  | { readonly direct_response: { readonly status: number } }
);

type StringList = { readonly patterns: readonly StringMatcher[] };

export type ExtAuthzFilter = Extension<
  "envoy.filters.http.ext_authz",
  "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
  {
    readonly transport_api_version: "V3";
    readonly http_service: {
      readonly server_uri: HttpUri;
      readonly authorization_response: {
        readonly allowed_upstream_headers: StringList;
        readonly allowed_client_headers: StringList;
      };
    };
    readonly allowed_headers: StringList;
    readonly failure_mode_allow: boolean;
    readonly status_on_error: { readonly code: "ServiceUnavailable" };
    readonly clear_route_cache: boolean;
  }
>;

export interface HttpUri {
  readonly uri: string;
  readonly cluster: string;
  readonly timeout: Duration;
}

export type Jwks =
  | { readonly local_jwks: { readonly filename: string } }
  | {
      readonly remote_jwks: {
        readonly http_uri: HttpUri;
        readonly cache_duration: Duration;
        readonly async_fetch: { readonly failed_refetch_duration: Duration };
      };
    };

export type JwtRequirement =
  | { readonly provider_name: string }
  | { readonly allow_missing_or_failed: Record<string, never> }
  | { readonly requires_any: { readonly requirements: readonly JwtRequirement[] } };

export type JwtAuthnFilter = Extension<
  "envoy.filters.http.jwt_authn",
  "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
  {
    readonly providers: Readonly<
      Record<
        string,
        Jwks & {
          readonly issuer: string;
          readonly from_headers: readonly { readonly name: string; readonly value_prefix: string }[];
          readonly forward: boolean;
          readonly require_expiration: boolean;
          readonly clock_skew_seconds: number;
          readonly payload_in_metadata: string;
          readonly failed_status_in_metadata: string;
          readonly clear_route_cache: boolean;
          readonly jwt_cache_config: { readonly jwt_cache_size: number; readonly jwt_max_token_size: number };
        }
      >
    >;
    readonly requirement_map: Readonly<Record<string, JwtRequirement>>;
    readonly strip_failure_response: boolean;
  }
>;

export type HealthCheckFilter = Extension<
  "envoy.filters.http.health_check",
  "envoy.extensions.filters.http.health_check.v3.HealthCheck",
  { readonly pass_through_mode: boolean; readonly headers: readonly HeaderMatcher[] }
>;

export type RouterFilter = Extension<
  "envoy.filters.http.router",
  "envoy.extensions.filters.http.router.v3.Router",
  { readonly suppress_envoy_headers: boolean; readonly dynamic_stats: boolean }
>;

export type HttpFilter = ExtAuthzFilter | JwtAuthnFilter | HealthCheckFilter | RouterFilter;

export type AccessLogFilter =
  | { readonly not_health_check_filter: Record<string, never> }
  | { readonly response_flag_filter: { readonly flags: readonly string[] } }
  | { readonly metadata_filter: { readonly matcher: MetadataMatcher; readonly match_if_key_not_found: boolean } }
  | {
      readonly status_code_filter: {
        readonly comparison: {
          readonly op: "EQ" | "GE" | "LE" | "NE";
          readonly value: { readonly default_value: number; readonly runtime_key: string };
        };
      };
    }
  | { readonly and_filter: { readonly filters: readonly AccessLogFilter[] } };

/** Changes a response that Envoy makes itself. */
export interface ResponseMapper {
  readonly filter: AccessLogFilter;
  readonly status_code?: number;
  readonly headers_to_add?: readonly HeaderValueOption[];
}

type JsonFormat = Readonly<Record<string, string>>;

export interface HttpConnectionManager {
  readonly stat_prefix: string;
  readonly codec_type: "AUTO" | "HTTP1";
  readonly use_remote_address: boolean;
  readonly xff_num_trusted_hops: number;
  readonly internal_address_config: {
    readonly cidr_ranges: readonly { readonly address_prefix: string; readonly prefix_len: number }[];
  };
  readonly normalize_path: boolean;
  readonly merge_slashes: boolean;
  readonly path_with_escaped_slashes_action: "REJECT_REQUEST" | "UNESCAPE_AND_REDIRECT";
  readonly common_http_protocol_options: {
    readonly idle_timeout: Duration;
    readonly max_headers_count: number;
    readonly headers_with_underscores_action: "REJECT_REQUEST" | "DROP_HEADER";
  };
  readonly max_request_headers_kb: number;
  readonly request_headers_timeout: Duration;
  readonly request_timeout: Duration;
  readonly stream_idle_timeout: Duration;
  readonly always_set_request_id_in_response: boolean;
  readonly early_header_mutation_extensions: readonly Extension<
    "envoy.http.early_header_mutation.header_mutation",
    "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
    { readonly mutations: readonly { readonly remove_on_match: { readonly key_matcher: StringMatcher } }[] }
  >[];
  readonly access_log: readonly (Extension<
    "envoy.access_loggers.stdout",
    "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
    { readonly log_format: { readonly json_format: JsonFormat; readonly omit_empty_values: boolean } }
  > & { readonly filter: AccessLogFilter })[];
  readonly local_reply_config: {
    readonly mappers: readonly ResponseMapper[];
    readonly body_format: { readonly json_format: JsonFormat };
  };
  readonly http_filters: readonly HttpFilter[];
  readonly route_config: {
    readonly name: string;
    readonly virtual_hosts: readonly {
      readonly name: string;
      readonly domains: readonly string[];
      readonly routes: readonly Route[];
    }[];
  };
}

export interface Listener {
  readonly name: string;
  readonly address: Address;
  readonly per_connection_buffer_limit_bytes: number;
  readonly filter_chains: readonly {
    readonly filters: readonly Extension<
      "envoy.filters.network.http_connection_manager",
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
      HttpConnectionManager
    >[];
  }[];
}

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

export interface OverloadManager {
  readonly refresh_interval: Duration;
  readonly resource_monitors: readonly (
    | Extension<
        "envoy.resource_monitors.fixed_heap",
        "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
        { readonly max_heap_size_bytes: number }
      >
    | Extension<
        "envoy.resource_monitors.global_downstream_max_connections",
        "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        { readonly max_active_downstream_connections: number }
      >
  )[];
  readonly actions: readonly {
    readonly name: `envoy.overload_actions.${string}`;
    readonly triggers: readonly { readonly name: string; readonly threshold: { readonly value: number } }[];
  }[];
}

export interface Bootstrap {
  readonly admin: {
    readonly address: Address;
    readonly ignore_global_conn_limit: boolean;
    readonly allow_paths: readonly StringMatcher[];
  };
  readonly static_resources: { readonly listeners: readonly Listener[]; readonly clusters: readonly Cluster[] };
  readonly overload_manager: OverloadManager;
}
