import { awsNamesOf } from "./aws-names";
import { type Container, httpPort, publishedEndpoint, type ServiceDefinition } from "./definition";
import { type HoneycombRegion, honeycombEndpoints, hosts, ports, type SecretName } from "./names";
import { otlpPort } from "./otel-collector";
import { apiHealthCheckPath } from "./request-path";
import { envoy } from "./sidecars/envoy";
import { xrayDaemon, xrayDaemonWith } from "./sidecars/xray-daemon";

/** Who takes the API's own traces. */
export const backendTraceRoutes = ["xray", "collector"] as const;
export type BackendTraces = (typeof backendTraceRoutes)[number];

export interface BackendChoice {
  /**
   * `xray`: X-Ray by the daemon beside the app, and Honeycomb directly. `collector`: Honeycomb by way of the collector,
   * and no X-Ray: the daemon's container goes, and the SDK in the app is told to be silent. @default "xray"
   */
  readonly backendTraces?: BackendTraces;
  /** @default the region "us" */
  readonly honeycomb?: { readonly region: HoneycombRegion };
  /** The backend is told its names. @default none: it knows those of the default environment itself */
  readonly environment?: string;
  /** Of the X-Ray daemon's image. @default none: the registry serves the newest, as the state has it */
  readonly xrayDaemonTag?: string;
}

/** What differs with where the traces go, and nothing else. */
interface TraceParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretName[];
  readonly awsManagedPolicies?: Container["awsManagedPolicies"];
  readonly sidecars: readonly Container[];
}

function byXray(service: string, region: HoneycombRegion, daemonTag?: string): TraceParts {
  return {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: honeycombEndpoints[region], OTEL_SERVICE_NAME: service },
    secrets: ["OTEL_EXPORTER_OTLP_HEADERS"],
    sidecars: [xrayDaemonWith(daemonTag)],
  };
}

function byCollector(service: string): TraceParts {
  const { host, port } = publishedEndpoint(otlpPort);
  return {
    environment: {
      // https://docs.aws.amazon.com/xray-sdk-for-python/latest/reference/configurations.html
      AWS_XRAY_SDK_ENABLED: "false",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}:${port}`,
      OTEL_SERVICE_NAME: service,
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
  environment,
  xrayDaemonTag,
}: BackendChoice): ServiceDefinition {
  const { messagesTable, tracedService } = awsNamesOf(environment);
  const named: Readonly<Record<string, string>> =
    environment === undefined
      ? {}
      : {
          DDB_MESSAGE_TABLE: messagesTable,
          // Goes before what the app calls itself: https://docs.aws.amazon.com/xray-sdk-for-python/latest/reference/configurations.html
          ...(backendTraces === "xray" && { AWS_XRAY_TRACING_NAME: tracedService }),
        };
  const traces =
    backendTraces === "xray" ? byXray(tracedService, honeycomb.region, xrayDaemonTag) : byCollector(tracedService);
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
          ...named,
        }),
        secrets: [
          "AWS_COGNITO_USER_POOL_CLIENT_ID",
          "AWS_COGNITO_USER_POOL_ID",
          "CONNECTION_URL",
          ...traces.secrets,
          "ROLLBAR_ACCESS_TOKEN",
        ],
        awsManagedPolicies: traces.awsManagedPolicies,
        // Python's modules for temporary files look there first.
        writablePaths: ["/tmp"],
      },
      envoy,
      ...traces.sidecars,
    ],
    grants: ["messages"],
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
