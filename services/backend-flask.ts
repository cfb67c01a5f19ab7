import { type Container, httpPort, publishedEndpoint, type ServiceDefinition } from "./definition";
import { type HoneycombRegion, honeycombEndpoints, hosts, ports, type SecretName, tracedServiceName } from "./names";
import { otlpPort } from "./otel-collector";
import { apiHealthCheckPath } from "./request-path";
import { envoy } from "./sidecars/envoy";
import { xrayDaemon } from "./sidecars/xray-daemon";

/** Who takes the API's own traces. */
export const backendTraceRoutes = ["xray", "collector"] as const;
export type BackendTraces = (typeof backendTraceRoutes)[number];

export interface TraceChoice {
  /**
   * `xray`: X-Ray by the daemon beside the app, and Honeycomb directly. `collector`: Honeycomb by way of the collector,
   * and no X-Ray: the daemon's container goes, and the SDK in the app is told to be silent. @default "xray"
   */
  readonly backendTraces?: BackendTraces;
  /** @default the region "us" */
  readonly honeycomb?: { readonly region: HoneycombRegion };
}

/** What differs with where the traces go, and nothing else. */
interface TraceParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretName[];
  readonly awsManagedPolicies?: Container["awsManagedPolicies"];
  readonly sidecars: readonly Container[];
}

function byXray(region: HoneycombRegion): TraceParts {
  return {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: honeycombEndpoints[region], OTEL_SERVICE_NAME: tracedServiceName },
    secrets: ["OTEL_EXPORTER_OTLP_HEADERS"],
    sidecars: [xrayDaemon],
  };
}

function byCollector(): TraceParts {
  const { host, port } = publishedEndpoint(otlpPort);
  return {
    environment: {
      // https://docs.aws.amazon.com/xray-sdk-for-python/latest/reference/configurations.html
      AWS_XRAY_SDK_ENABLED: "false",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${port}`,
      OTEL_SERVICE_NAME: tracedServiceName,
    },
    secrets: [],
    // Kept though unused: the role is that of all tasks, and a change of it would be more than a task definition.
    awsManagedPolicies: xrayDaemon.awsManagedPolicies,
    sidecars: [],
  };
}

/** The API. Requests from outside come through Envoy. */
export function backendFlaskWith({
  backendTraces = "xray",
  honeycomb = { region: "us" },
}: TraceChoice): ServiceDefinition {
  const traces = backendTraces === "xray" ? byXray(honeycomb.region) : byCollector();
  return {
    name: "backend-flask",
    cpu: 512,
    memoryMiB: 1024,
    containers: [
      {
        name: "backend-flask",
        image: { repository: "backend-flask" },
        ports: [httpPort("backend-flask", ports.backend)],
        healthCheckCommand: "python /backend-flask/bin/health-check",
        environment: ({ domain, region }) => ({
          AWS_DEFAULT_REGION: region,
          BACKEND_URL: `https://${hosts.api(domain)}`,
          FRONTEND_URL: `https://${hosts.app(domain)}`,
          ...traces.environment,
        }),
        secrets: [
          "AWS_COGNITO_USER_POOL_CLIENT_ID",
          "AWS_COGNITO_USER_POOL_ID",
          "CONNECTION_URL",
          ...traces.secrets,
          "ROLLBAR_ACCESS_TOKEN",
        ],
        awsManagedPolicies: traces.awsManagedPolicies,
      },
      envoy,
      ...traces.sidecars,
    ],
    route: {
      hostLabel: "api",
      priority: 100,
      targetGroupName: "cruddur-backend-envoy-tg",
      containerName: envoy.name,
      containerPort: ports.envoy,
      healthCheckPath: apiHealthCheckPath,
    },
  };
}

/** As the state has it. */
export const backendFlask = backendFlaskWith({});
