import type { ServiceDefinition } from "./definition";
import { httpPort } from "./definition";
import { hosts, ports, type SecretName } from "./names";

/** Where it takes OTLP over HTTP: from browsers by the load balancer, from the cluster's tasks by Service Connect. */
export const otlpPort = httpPort("otel-collector", ports.otlpHttp);

/** The variables by which it learns the origins of the frontend, by scheme. */
export const originVariables = { https: "HTTPS_FRONTEND_URL", http: "HTTP_FRONTEND_URL" } as const;
/** The variable with the key by which Honeycomb knows the team. */
export const honeycombKeyVariable: SecretName = "HONEYCOMB_API_KEY";

/** Takes the browsers' traces and hands them to Honeycomb. The URLs are the origins that its CORS rules allow. */
export const otelCollector: ServiceDefinition = {
  name: "otel-collector",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "otel-collector",
      image: { repository: "otel-collector" },
      ports: [otlpPort, { ...httpPort("otel-collector-health-check", ports.otelHealthCheck), published: false }],
      environment: ({ domain }) => ({
        [originVariables.https]: `https://${hosts.app(domain)}`,
        [originVariables.http]: `http://${hosts.app(domain)}`,
      }),
      secrets: [honeycombKeyVariable],
      imageUser: "10001",
    },
  ],
  grants: [],
  route: {
    hostLabel: "otel-collector",
    priority: 200,
    containerPort: ports.otlpHttp,
    healthCheckPath: "/",
    healthCheckPort: ports.otelHealthCheck,
  },
};
