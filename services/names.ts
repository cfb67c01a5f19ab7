/**
 * The names, ports and hosts of the running system, each written once. This module and its neighbours in `services/`
 * know nothing of cdktf: the stacks, Envoy's configuration, the authorizer and the scripts all read them.
 */

/** TCP ports, unless the name says UDP. */
export const ports = {
  http: 80,
  https: 443,
  postgres: 5432,
  frontend: 80,
  backend: 4567,
  authz: 8123,
  envoy: 8800,
  envoyAdmin: 8001,
  /** OTLP over HTTP, https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port */
  otlpHttp: 4318,
  /** The collector's `health_check` extension. */
  otelHealthCheck: 13133,
  /** UDP, https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon.html */
  xrayDaemonUdp: 2000,
} as const;

/** The ECS cluster, and the Service Connect namespace in which `NAME.cruddur` resolves. */
export const clusterName = "cruddur";
export const logGroupName = "/cruddur/fargate-cluster";

/** Host names under the team's domain. `app` is the domain itself. */
export const hosts = {
  app: (domain: string): string => domain,
  api: (domain: string): string => `api.${domain}`,
  otelCollector: (domain: string): string => `otel-collector.${domain}`,
} as const;

/** How the backend names itself to X-Ray and Honeycomb. */
export const tracedServiceName = "cruddur-backend-flask";

/** Where Honeycomb takes OTLP, by the region of the account: https://docs.honeycomb.io/send-data/opentelemetry/ */
export const honeycombEndpoints = { us: "https://api.honeycomb.io", eu: "https://api.eu1.honeycomb.io" } as const;
export type HoneycombRegion = keyof typeof honeycombEndpoints;

/** The SSM parameters (SecureString) under `secretsPath`, by the name of the variable that a container gets. */
export const secretNames = [
  "AWS_COGNITO_USER_POOL_CLIENT_ID",
  "AWS_COGNITO_USER_POOL_ID",
  "CONNECTION_URL",
  "HONEYCOMB_API_KEY",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "ROLLBAR_ACCESS_TOKEN",
] as const;
export type SecretName = (typeof secretNames)[number];
export const secretsPath = "/cruddur/backend-flask";

/** ECR repositories that exist whether or not a service of the list uses them: they hold the team's images. */
export const repositoryNames = [
  "authz",
  "backend-flask",
  "cruddur-python",
  "envoy",
  "frontend-react-js",
  "otel-collector",
] as const;
