import type { Container } from "../../services/definition";
import type { Step } from "../step";

function volumeOf({ name }: Container, path: string): string {
  return `${name}${path.replaceAll("/", "-")}`;
}

/** By volumes, as Fargate takes no tmpfs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html */
export const readOnlyRoot: Step = {
  name: "readOnlyRoot",
  sets: "The containers' file systems are read-only, except for a volume at each of a container's writablePaths in services/.",
  plan: ["aws_ecs_service update enable_execute_command", "aws_ecs_task_definition revision"],
  effect:
    "Each service replaces its tasks. ECS Exec, which writes into the root, ends: bin/ecs/connect and bin/db/connect then refuse.",
  cost: "none",
  needs:
    "Another way into the database than bin/db/connect, or leave the step out. The image of the frontend built anew, as it declares its /tmp. An app that writes elsewhere than to /tmp names the folder in writablePaths, and an image that doesn't run as root declares its folders as VOLUME.",
  closes: ["CKV_AWS_336"],
  apply: ({ app }) => {
    for (const fargate of app.services.values()) {
      const { definition, service, taskDefinition } = fargate;
      const volumes = definition.containers.flatMap((container) =>
        (container.writablePaths ?? []).map((path) => volumeOf(container, path)),
      );
      if (volumes.length > 0) taskDefinition.putVolume(volumes.map((name) => ({ name })));
      fargate.addToContainers((container) => ({
        readonlyRootFilesystem: true,
        mountPoints: container.writablePaths?.map((path) => ({
          sourceVolume: volumeOf(container, path),
          containerPath: path,
        })),
      }));
      service.enableExecuteCommand = false;
    }
  },
};
