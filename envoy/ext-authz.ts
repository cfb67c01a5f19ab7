/**
 * The authorizer decides, asked over HTTP.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto
 */
import { usernameHeader } from "../services/request-path";
import { cluster } from "./clusters";
import type { Endpoint } from "./request-path";
import { statusIs } from "./response-mappers";
import type { ExtAuthzFilter } from "./types/http-filter";
import type { TokenVerification } from "./verification";

const name = "envoy.filters.http.ext_authz";
const clusterName = "authz";

export function extAuthz(authz: Endpoint): TokenVerification {
  const filter: ExtAuthzFilter = {
    name,
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
      transport_api_version: "V3",
      http_service: {
        server_uri: { uri: `http://${authz.host}:${authz.port}`, cluster: clusterName, timeout: "0.5s" },
        authorization_response: {
          allowed_upstream_headers: { patterns: [{ exact: usernameHeader }] },
          // Without a list the client gets all headers of a denial.
          allowed_client_headers: { patterns: [{ exact: "www-authenticate" }] },
        },
      },
      allowed_headers: { patterns: [{ exact: "authorization" }] },
      failure_mode_allow: false,
      status_on_error: { code: "ServiceUnavailable" },
      // The user's header chooses the route anew. Nothing else of the request has changed, so that no other route than
      // the established user's can come of it.
      clear_route_cache: true,
    },
  };
  return {
    filter,
    // The authorizer keeps an idle connection for more than an hour.
    clusters: [cluster({ name: clusterName, endpoint: authz, idleTimeout: "60s" })],
    userIsEstablished: { headers: [{ name: usernameHeader, string_match: { safe_regex: { regex: ".+" } } }] },
    ofEstablishedUser: {},
    none: {
      [name]: {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
        disabled: true,
      },
    },
    optional: undefined,
    required: undefined,
    // The authorizer answers 401 to such a request: one that lets it pass is not the authorizer.
    statusWithoutUser: 503,
    responseMappers: [
      {
        filter: {
          and_filter: {
            filters: [{ response_flag_filter: { flags: ["UAEX"] } }, statusIs("NE", 401)],
          },
        },
        status_code: 503,
      },
    ],
  };
}
