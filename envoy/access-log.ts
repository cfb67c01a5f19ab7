import type { HttpConnectionManager } from "./types/listener";

/**
 * One line of JSON a request, the load balancer's health checks apart. No header that may hold credentials, and the path
 * without its query, which may hold some too.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
export const accessLog: HttpConnectionManager["access_log"] = [
  {
    name: "envoy.access_loggers.stdout",
    filter: { not_health_check_filter: {} },
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
      log_format: {
        omit_empty_values: true,
        json_format: {
          time: "%START_TIME%",
          method: "%REQ(:METHOD)%",
          path: "%PATH(NQ:PATH)%",
          host: "%REQ(:AUTHORITY)%",
          route: "%ROUTE_NAME%",
          status: "%RESPONSE_CODE%",
          details: "%RESPONSE_CODE_DETAILS%",
          flags: "%RESPONSE_FLAGS%",
          bytesReceived: "%BYTES_RECEIVED%",
          bytesSent: "%BYTES_SENT%",
          durationMs: "%DURATION%",
          firstByteMs: "%RESPONSE_DURATION%",
          upstream: "%UPSTREAM_HOST%",
          client: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
          userAgent: "%REQ(USER-AGENT)%",
          requestId: "%REQ(X-REQUEST-ID)%",
          traceId: "%REQ(X-AMZN-TRACE-ID)%",
        },
      },
    },
  },
];
