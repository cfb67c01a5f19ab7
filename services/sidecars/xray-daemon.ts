import type { Container } from "../definition";
import { ports } from "../names";

const xrayImage = { registry: "public.ecr.aws", repository: "xray/aws-xray-daemon" };

/**
 * Relays trace segments from the task's processes to X-Ray.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-ecs.html
 */
export const xrayDaemon: Container = {
  name: "xray",
  // Bare, as the state has it: a tag would be a new task-definition revision.
  image: xrayImage,
  ports: [{ name: "xray", containerPort: ports.xrayDaemonUdp, protocol: "udp" }],
  user: "1337",
  awsManagedPolicies: ["AWSXRayDaemonWriteAccess"],
};

/** @param tag of the image; undefined: as the state has it */
export function xrayDaemonWith(tag: string | undefined): Container {
  return tag === undefined ? xrayDaemon : { ...xrayDaemon, image: { ...xrayImage, tag } };
}
