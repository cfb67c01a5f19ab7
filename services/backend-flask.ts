import type { ServiceDefinition } from "./definition";
import { httpPort } from "./definition";
import { honeycombEndpoint, hosts, ports, tracedServiceName } from "./names";
import { apiHealthCheckPath } from "./request-path";
import { envoy } from "./sidecars/envoy";
import { xrayDaemon } from "./sidecars/xray-daemon";

/** The API. Requests from outside come through Envoy; X-Ray segments leave by the daemon. */
export const backendFlask: ServiceDefinition = {
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
        OTEL_EXPORTER_OTLP_ENDPOINT: honeycombEndpoint,
        OTEL_SERVICE_NAME: tracedServiceName,
      }),
      secrets: [
        "AWS_COGNITO_USER_POOL_CLIENT_ID",
        "AWS_COGNITO_USER_POOL_ID",
        "CONNECTION_URL",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "ROLLBAR_ACCESS_TOKEN",
      ],
    },
    envoy,
    xrayDaemon,
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
