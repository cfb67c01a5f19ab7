/** Routes: which request goes where, and what is added to it. https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto */
import type { Any, Duration, HeaderMatcher, HeaderValueOption, MetadataMatcher } from "./common";

export interface RouteMatch {
  readonly path?: string;
  readonly path_separated_prefix?: string;
  readonly headers?: readonly HeaderMatcher[];
  readonly dynamic_metadata?: readonly MetadataMatcher[];
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
