import type { ServiceDefinition } from "./definition";
import { httpPort } from "./definition";
import { hosts, ports } from "./names";

/** Where it takes OTLP over HTTP: from browsers by the load balancer, from the cluster's tasks by Service Connect. */
export const otlpPort = httpPort("otel-collector", ports.otlpHttp);

/** Takes the browsers' traces and hands them to Honeycomb. The URLs are the origins that its CORS rules allow. */
export const otelCollector: ServiceDefinition = {
  name: "otel-collector",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "otel-collector",
      image: { repository: "otel-collector" },
      ports: [
        otlpPort,
        { ...httpPort("otel-collector-health-check", ports.otelHealthCheck), published: false },
      ],
      environment: ({ domain }) => ({
        HTTPS_FRONTEND_URL: `https://${hosts.app(domain)}`,
        HTTP_FRONTEND_URL: `http://${hosts.app(domain)}`,
      }),
      secrets: ["HONEYCOMB_API_KEY"],
    },
  ],
  route: {
    hostLabel: "otel-collector",
    priority: 200,
    containerPort: ports.otlpHttp,
    healthCheckPath: "/",
    healthCheckPort: ports.otelHealthCheck,
  },
};
