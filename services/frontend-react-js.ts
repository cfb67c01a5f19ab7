import type { ServiceDefinition } from "./definition";
import { httpPort } from "./definition";
import { ports } from "./names";

/** nginx with the built frontend; answers on the domain itself. */
export const frontendReactJs: ServiceDefinition = {
  name: "frontend-react-js",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "frontend-react-js",
      image: { repository: "frontend-react-js" },
      ports: [httpPort("frontend-react-js", ports.frontend)],
      healthCheckCommand: `curl -f http://localhost:${ports.frontend} || exit 1`,
      imageUser: "101",
      // The process id, and bodies of requests while they arrive.
      writablePaths: ["/tmp"],
      // The file's capability by which nginx listens on port 80.
      capabilities: ["NET_BIND_SERVICE"],
    },
  ],
  grants: [],
  route: { apexRecord: "app", containerPort: ports.frontend, healthCheckPath: "/" },
};
