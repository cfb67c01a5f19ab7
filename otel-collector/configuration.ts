/** The collector's whole configuration: OTLP over HTTP in, Honeycomb out. Traces only, and no payload in its log. */
import { stringify } from "yaml";
import { ports } from "../services/names";
import { honeycombKeyVariable, originVariables } from "../services/otel-collector";
import { memoryLimiter } from "./memory";
import type { CollectorConfiguration, HttpServer } from "./types";

export interface CollectorOptions {
  /** Base URL to which `/v1/traces` is added. */
  readonly honeycombEndpoint: string;
  /** @default as the task definition has it */
  readonly otlpPort?: number;
  /** @default as the target group probes it */
  readonly healthCheckPort?: number;
}

/** Put in when the collector starts. https://opentelemetry.io/docs/collector/configuration/#environment-variables */
function fromEnvironment(variable: string): string {
  return `\${env:${variable}}`;
}

/** All interfaces: load balancer and Service Connect come from outside, and by default it listens on localhost. */
function everywhere(port: number): string {
  return `0.0.0.0:${port}`;
}

function otlpServer(port: number): HttpServer {
  return {
    endpoint: everywhere(port),
    // Exactly these: no wildcard is in them, and an origin is compared as a whole.
    cors: { allowed_origins: Object.values(originVariables).map(fromEnvironment), max_age: 7200 },
    // Browsers and SDKs send 512 spans at a time, which have half of it. The limiter looks at a request after it is read.
    max_request_body_size: 2 * 1024 * 1024,
    read_header_timeout: "10s",
    read_timeout: "30s",
    // Longer than the load balancer's 60 s, so that it never takes a connection that is just being closed.
    idle_timeout: "5m",
  };
}

export function collectorConfiguration({
  honeycombEndpoint,
  otlpPort = ports.otlpHttp,
  healthCheckPort = ports.otelHealthCheck,
}: CollectorOptions): CollectorConfiguration {
  return {
    extensions: { health_check: { endpoint: everywhere(healthCheckPort) } },
    receivers: { otlp: { protocols: { http: otlpServer(otlpPort) } } },
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: memoryLimiter.limit,
        spike_limit_mib: memoryLimiter.spike,
      },
      batch: { timeout: "1s", send_batch_size: 1024, send_batch_max_size: 1024 },
    },
    exporters: {
      otlp_http: {
        endpoint: honeycombEndpoint,
        headers: { "x-honeycomb-team": fromEnvironment(honeycombKeyVariable) },
        timeout: "10s",
        // Batches, one a second at least while little comes in: more than the longest outage. Memory ends before it is full.
        sending_queue: { enabled: true, queue_size: 1000 },
        retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "30s", max_elapsed_time: "10m" },
      },
    },
    service: {
      telemetry: {
        logs: { level: "warn", encoding: "json", disable_stacktrace: true },
        metrics: { level: "none" },
      },
      extensions: ["health_check"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["memory_limiter", "batch"], exporters: ["otlp_http"] },
      },
    },
  };
}

/** As the collector reads it from a file. */
export function collectorYaml(options: CollectorOptions): string {
  const heading = '# Rendered by "npm run render:collector" from otel-collector/*.ts: changes belong there.\n';
  return heading + stringify(collectorConfiguration(options), { lineWidth: 0, aliasDuplicateObjects: false });
}
