import type { Container } from "../definition";
import { httpPort } from "../definition";
import { ports } from "../names";

/** The proxy in front of the backend: authorizes each request, then hands it on. The target group sends to it. */
export const envoy: Container = {
  name: "envoy",
  image: { repository: "envoy", tag: "dns-family-v4" },
  ports: [httpPort("envoy", ports.envoy)],
  healthCheckCommand: `curl -s http://localhost:${ports.envoyAdmin}/server_info | grep state | grep -q LIVE`,
  imageUser: "101",
};
