import type { ServiceDefinition } from "./definition";
import { httpPort } from "./definition";
import { ports } from "./names";
import { authzHealthCheckPath } from "./request-path";

/** The authorizer that Envoy asks: it verifies the Cognito access token of a request. Not reachable from outside. */
export const backendAuthz: ServiceDefinition = {
  name: "backend-authz",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "authz",
      image: { repository: "authz" },
      ports: [httpPort("authz", ports.authz)],
      healthCheckCommand: `curl -s http://localhost:${ports.authz}${authzHealthCheckPath} | grep status | grep -q ok`,
      secrets: ["AWS_COGNITO_USER_POOL_CLIENT_ID", "AWS_COGNITO_USER_POOL_ID"],
      imageUser: "1000",
    },
  ],
  grants: [],
};
