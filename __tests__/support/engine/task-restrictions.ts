/** The restrictions that a task definition puts on a container, as an engine's options that do the same. */
import { settingsSchema } from "../../../settings/schema";
import { synth } from "../../../tools/testing";
import type { Engine } from "./engine";

export interface Restricted {
  readonly name: string;
  readonly readonlyRootFilesystem?: boolean;
  readonly user?: string;
  readonly mountPoints?: readonly { readonly sourceVolume: string; readonly containerPath: string }[];
  readonly linuxParameters?: { readonly capabilities: { readonly drop: readonly string[] } };
}

/** All that level 3 asks for first. */
export const level3 = {
  images: { deploy: "hash" },
  hardening: { level: 3, accessLogsBucket: "team-logs", firewallLogsBucket: "aws-waf-logs-team", tasksReach: "nat" },
} as const;

/** What the stacks synthesize at level 3, by container. */
export function restrictedContainers(): ReadonlyMap<string, Restricted> {
  const { app } = synth({ settings: settingsSchema.parse(level3) });
  const tasks = app.managed().filter((address) => address.startsWith("aws_ecs_task_definition."));
  const containers = tasks.flatMap((task) => app.resource(task).container_definitions as readonly Restricted[]);
  return new Map(containers.map((container) => [container.name, container]));
}

let count = 0;

/**
 * As Fargate has a volume: root's alone, but with what the image has in a folder that it declares as VOLUME.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export async function restrictionsOf(container: Restricted, engine: Engine, image: string): Promise<string[]> {
  const { readonlyRootFilesystem, user, mountPoints = [], linuxParameters } = container;
  const inspected = await engine.podman("image", "inspect", "--format", "{{json .Config.Volumes}}", image);
  const declared = Object.keys(JSON.parse(inspected) ?? {});
  count += 1;
  return [
    // No volume of the engine's own in a folder that the task mounts nothing at.
    "--image-volume=ignore",
    ...(readonlyRootFilesystem ? ["--read-only", "--read-only-tmpfs=false"] : []),
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(linuxParameters?.capabilities.drop ?? []).map((one) => `--cap-drop=${one}`),
    ...mountPoints.map(({ sourceVolume, containerPath }) => {
      const how = declared.includes(containerPath) ? "copy" : "nocopy";
      return `--volume=${sourceVolume}-${count}:${containerPath}:${how}`;
    }),
  ];
}
