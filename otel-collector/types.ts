/** The part of the collector's configuration that is used here. https://opentelemetry.io/docs/collector/configuration/ */

/** As Go reads it: `500ms`, `30s`, `5m`. */
export type Duration = `${number}${"ms" | "s" | "m"}`;

/** https://github.com/open-telemetry/opentelemetry-collector/blob/main/config/confighttp/README.md */
export interface HttpServer {
  /** ADDRESS:PORT */
  readonly endpoint: string;
  readonly cors?: {
    readonly allowed_origins: readonly string[];
    /** Seconds for which a browser may remember a preflight's answer. */
    readonly max_age: number;
  };
  /** Bytes, after decompression. */
  readonly max_request_body_size?: number;
  readonly read_header_timeout?: Duration;
  readonly read_timeout?: Duration;
  readonly idle_timeout?: Duration;
}

export interface CollectorConfiguration {
  readonly extensions: { readonly health_check: HttpServer };
  readonly receivers: { readonly otlp: { readonly protocols: { readonly http: HttpServer } } };
  readonly processors: {
    /** https://github.com/open-telemetry/opentelemetry-collector/blob/main/processor/memorylimiterprocessor/README.md */
    readonly memory_limiter: {
      readonly check_interval: Duration;
      readonly limit_mib: number;
      readonly spike_limit_mib: number;
    };
    /** https://github.com/open-telemetry/opentelemetry-collector/blob/main/processor/batchprocessor/README.md */
    readonly batch: {
      readonly timeout: Duration;
      /** Spans. */
      readonly send_batch_size: number;
      readonly send_batch_max_size: number;
    };
  };
  readonly exporters: {
    /** https://github.com/open-telemetry/opentelemetry-collector/blob/main/exporter/exporterhelper/README.md */
    readonly otlp_http: {
      readonly endpoint: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly timeout: Duration;
      readonly sending_queue: { readonly enabled: boolean; readonly queue_size: number };
      readonly retry_on_failure: {
        readonly enabled: boolean;
        readonly initial_interval: Duration;
        readonly max_interval: Duration;
        readonly max_elapsed_time: Duration;
      };
    };
  };
  readonly service: {
    readonly telemetry: {
      readonly logs: { readonly level: "warn"; readonly encoding: "json"; readonly disable_stacktrace: boolean };
      readonly metrics: { readonly level: "none" };
    };
    readonly extensions: readonly "health_check"[];
    readonly pipelines: {
      readonly traces: {
        readonly receivers: readonly "otlp"[];
        readonly processors: readonly ("memory_limiter" | "batch")[];
        readonly exporters: readonly "otlp_http"[];
      };
    };
  };
}
