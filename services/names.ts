/**
 * The ports, hosts and names of the running system, each written once; AWS's own names are in `aws-names.ts`. This module and its neighbours in `services/`
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

/** Below which Service Connect publishes a service's names, `NAME.cruddur`: the same in each environment, as images have them built in. */
export const serviceConnectDomain = "cruddur";

/** Ids of the stacks, and so the names of their states. `images` is there where the settings switch it on. */
export const stackIds = { network: "network", app: "app", images: "images" } as const;
export type StackId = keyof typeof stackIds;

/** The stacks that 02-app's state is split into, in the order in which they are deployed. */
export const splitStackIds = [stackIds.network, stackIds.app] as const;
export type SplitStackId = (typeof splitStackIds)[number];

/** The database within the instance, and how the table of messages calls its index: unique where they are. */
export const databaseName = "cruddur";
export const messagesIndex = "message-group-sk-index";
/** Unique in its user pool. */
export const userPoolClient = "cruddur-client";

/** Host names under the team's domain. `app` is the domain itself. */
export const hosts = {
  app: (domain: string): string => domain,
  api: (domain: string): string => `api.${domain}`,
  otelCollector: (domain: string): string => `otel-collector.${domain}`,
} as const;

/** Where Honeycomb takes OTLP, by the region of the account: https://docs.honeycomb.io/send-data/opentelemetry/ */
export const honeycombEndpoints = { us: "https://api.honeycomb.io", eu: "https://api.eu1.honeycomb.io" } as const;
export type HoneycombRegion = keyof typeof honeycombEndpoints;

/** The SSM parameters below the environment's `secretsPath`, by the name of the variable that a container gets. */
export const secretNames = [
  "AWS_COGNITO_USER_POOL_CLIENT_ID",
  "AWS_COGNITO_USER_POOL_ID",
  "CONNECTION_URL",
  "HONEYCOMB_API_KEY",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "ROLLBAR_ACCESS_TOKEN",
] as const;
export type SecretName = (typeof secretNames)[number];
