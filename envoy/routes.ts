/** Which requests reach the app, and with whose name. The first route that matches decides. */
import { apiHealthCheckPath, apiPrefix, usernameHeader } from "../services/request-path";
import { bearerTokenRegex } from "./bearer";
import type { HeaderMatcher } from "./types/common";
import type { RetryPolicy, Route } from "./types/route";
import type { TokenVerification } from "./verification";

export const backendCluster = "backend-flask";

function method(...names: readonly string[]): HeaderMatcher {
  return { name: ":method", string_match: { safe_regex: { regex: names.join("|") } } };
}

/** What Cruddur answers without a user, too. */
const reading = method("GET", "HEAD");
/** https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const idempotent = method("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
const withToken: HeaderMatcher = { name: "authorization", string_match: { safe_regex: { regex: bearerTokenRegex } } };
/** https://fetch.spec.whatwg.org/#cors-preflight-request */
const preflight: readonly HeaderMatcher[] = [
  method("OPTIONS"),
  { name: "origin", present_match: true },
  { name: "access-control-request-method", present_match: true },
];

/** For a backend that closes a connection as the request comes, or restarts. */
const retryPolicy: RetryPolicy = {
  retry_on: "connect-failure,refused-stream,reset",
  num_retries: 2,
  retry_back_off: { base_interval: "0.025s", max_interval: "0.25s" },
};

const toBackend = { cluster: backendCluster, timeout: "30s" } as const;
const toBackendOftener = { ...toBackend, retry_policy: retryPolicy };

const api = { path_separated_prefix: apiPrefix } as const;
/** Envoy has dropped what a client sent under that name, long before: this holds whatever else may set it. */
const anonymously = { request_headers_to_remove: [usernameHeader] } as const;

function verified(config: TokenVerification["optional"]): Pick<Route, "typed_per_filter_config"> {
  return config === undefined ? {} : { typed_per_filter_config: config };
}

export function routes(verification: TokenVerification): Route[] {
  const { userIsEstablished, ofEstablishedUser, none, optional, required, statusWithoutUser } = verification;
  const byUser = (headers: readonly HeaderMatcher[]) => ({
    match: { ...api, ...userIsEstablished, headers: [...headers, ...(userIsEstablished.headers ?? [])] },
    ...ofEstablishedUser,
  });
  return [
    {
      name: "health-check",
      match: { path: apiHealthCheckPath, headers: [reading] },
      route: toBackendOftener,
      ...anonymously,
      typed_per_filter_config: none,
    },
    {
      name: "preflight",
      match: { ...api, headers: preflight },
      route: toBackendOftener,
      ...anonymously,
      typed_per_filter_config: none,
    },
    // No request comes here at first: verification leads to it.
    { name: "user-idempotent", ...byUser([idempotent]), route: toBackendOftener },
    { name: "user", ...byUser([]), route: toBackend },
    // Here a request goes on after a verification that has found no user.
    {
      name: "read-with-token",
      match: { ...api, headers: [reading, withToken] },
      route: toBackendOftener,
      ...anonymously,
      ...verified(optional),
    },
    {
      name: "read",
      match: { ...api, headers: [reading] },
      route: toBackendOftener,
      ...anonymously,
      typed_per_filter_config: none,
    },
    {
      name: "with-token",
      match: { ...api, headers: [withToken] },
      direct_response: { status: statusWithoutUser },
      ...verified(required),
    },
    { name: "denied", match: api, direct_response: { status: 401 }, typed_per_filter_config: none },
  ];
}
