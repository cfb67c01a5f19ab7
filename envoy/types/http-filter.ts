/** HTTP filters. https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/http */
import type { Duration, Extension, HeaderMatcher, HttpUri, StringList } from "./common";

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
