/** The listener with its HTTP connection manager and access log. https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto */
import type {
  Address,
  Duration,
  Extension,
  HeaderValueOption,
  JsonFormat,
  MetadataMatcher,
  StringMatcher,
} from "./common";
import type { HttpFilter } from "./http-filter";
import type { Route } from "./route";

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
  readonly http_protocol_options: { readonly ignore_http_11_upgrade: readonly StringMatcher[] };
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
