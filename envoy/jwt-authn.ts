/**
 * Envoy verifies the token itself.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/jwt_authn/v3/config.proto
 */

import { cognitoIssuer, cognitoJwksUrl } from "../authz/src/cognito-ids";
import { usernameHeader } from "../services/request-path";
import { bearerSchemes } from "./bearer";
import { cluster } from "./clusters";
import type { JwksLocation, Verification } from "./request-path";
import type { Cluster } from "./types/cluster";
import type { MetadataMatcher, StringMatcher } from "./types/common";
import type { Jwks, JwtAuthnFilter } from "./types/http-filter";
import type { TokenVerification } from "./verification";

const name = "envoy.filters.http.jwt_authn";
const provider = "cognito";
const clusterName = "cognito";
const [payload, failure] = ["payload", "failure"];

/**
 * A token that is kept takes 4 kB, and 22 kB when it is full of groups. All of them together have to stay below the
 * overload manager's limit, as none is given back; each worker thread has its own, so the entry point gives each of several its
 * share of this number. Those of Cognito without groups have
 * some 1100 characters; longer ones than this are verified each time.
 */
export const cachedTokens = 10_000;
export const cachedTokenLength = 1280;

function claim(key: string, string_match: StringMatcher): MetadataMatcher {
  return { filter: name, path: [{ key: payload }, { key }], value: { string_match } };
}

function failed(message: string): MetadataMatcher {
  return {
    filter: name,
    path: [{ key: failure }, { key: "message" }],
    value: { string_match: { exact: message } },
  };
}

function keys(location: JwksLocation, refreshSeconds: number): Jwks {
  if ("file" in location) return { local_jwks: { filename: location.file } };
  return {
    remote_jwks: {
      http_uri: { uri: location.url, cluster: clusterName, timeout: "0.45s" },
      cache_duration: `${refreshSeconds}s`,
      // By the main thread, for all: no request waits for keys, and known ones stay in use while Cognito is away.
      async_fetch: { failed_refetch_duration: "1s" },
    },
  };
}

function keyClusters(location: JwksLocation): Cluster[] {
  if ("file" in location) return [];
  const { protocol, hostname, port } = new URL(location.url);
  const tls = protocol === "https:";
  const endpoint = { host: hostname, port: port === "" ? (tls ? 443 : 80) : Number(port) };
  return [cluster({ name: clusterName, endpoint, idleTimeout: "30s", tls })];
}

export function jwtAuthn(verification: Extract<Verification, { mode: "jwt_authn" }>): TokenVerification {
  const { userPoolId, clientId, jwks = { url: cognitoJwksUrl(userPoolId) }, jwksRefreshSeconds = 60 } = verification;
  const filter: JwtAuthnFilter = {
    name,
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
      providers: {
        [provider]: {
          issuer: cognitoIssuer(userPoolId),
          ...keys(jwks, jwksRefreshSeconds),
          from_headers: bearerSchemes.map((scheme) => ({ name: "authorization", value_prefix: `${scheme} ` })),
          // The app sees the request as the other mode hands it on.
          forward: true,
          require_expiration: true,
          // The default is a minute; 0 would mean that.
          clock_skew_seconds: 1,
          payload_in_metadata: payload,
          failed_status_in_metadata: failure,
          // Client and token use choose the route anew.
          clear_route_cache: true,
          jwt_cache_config: { jwt_cache_size: cachedTokens, jwt_max_token_size: cachedTokenLength },
        },
      },
      requirement_map: {
        optional: {
          // Tokens are kept only for a named provider.
          requires_any: { requirements: [{ provider_name: provider }, { allow_missing_or_failed: {} }] },
        },
        required: { provider_name: provider },
      },
      // The reason of a failure helps whoever tries tokens.
      strip_failure_response: true,
    },
  };
  const perRoute = (fields: Readonly<Record<string, unknown>>) => ({
    [name]: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig" as const,
      ...fields,
    },
  });
  return {
    filter,
    clusters: keyClusters(jwks),
    userIsEstablished: {
      dynamic_metadata: [
        claim("client_id", { exact: clientId }),
        claim("token_use", { exact: "access" }),
        claim("username", { safe_regex: { regex: ".+" } }),
      ],
    },
    ofEstablishedUser: {
      request_headers_to_add: [
        {
          header: { key: usernameHeader, value: `%DYNAMIC_METADATA(${name}:${payload}:username)%` },
          append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
        },
      ],
    },
    none: perRoute({ disabled: true }),
    optional: perRoute({ requirement_name: "optional" }),
    required: perRoute({ requirement_name: "required" }),
    // A valid token of another client or use.
    statusWithoutUser: 401,
    responseMappers: ["Jwks remote fetch is failed"].map((message) => ({
      filter: { metadata_filter: { matcher: failed(message), match_if_key_not_found: false } },
      status_code: 503,
    })),
  };
}
