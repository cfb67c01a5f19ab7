import type { SynthesizedService } from "../../../../operations/ecs/synthesized-services";
import { taskDefinitionDifference } from "../../../../operations/ecs/task-definition-diff";

const unknown = "\u0000";
const synthesized: SynthesizedService = {
  name: "orders",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  executionRoleArn: "arn:e",
  taskRoleArn: "arn:t",
  containers: [
    {
      name: "orders",
      image: "registry/orders:1",
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: "tcp" }],
      environment: [{ name: "URL", value: "https://api.a.example" }],
      secrets: [{ name: "KEY", valueFrom: "arn:key" }],
    },
  ],
  targets: [],
};
/** As ECS gives it back, with what it adds. */
const running = {
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc" as const,
  executionRoleArn: "arn:e",
  taskRoleArn: "arn:t",
  containerDefinitions: [
    {
      name: "orders",
      image: "registry/orders:1",
      cpu: 0,
      essential: true,
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" as const }],
      environment: [{ name: "URL", value: "https://api.a.example" }],
      secrets: [{ name: "KEY", valueFrom: "arn:key" }],
      mountPoints: [],
      volumesFrom: [],
    },
  ],
};

function changed(container: object, more: Partial<SynthesizedService> = {}): SynthesizedService {
  return { ...synthesized, ...more, containers: [{ ...synthesized.containers[0], ...container } as never] };
}

test("what ECS adds is no difference", () => {
  expect(taskDefinitionDifference(running, synthesized)).toEqual({ differences: [], containers: [], isPartial: false });
});

test("each thing by name, and no value of environment or secrets", () => {
  const other = changed(
    {
      image: "registry/orders:2",
      environment: [
        { name: "URL", value: "https://hidden" },
        { name: "NEW", value: "x" },
      ],
      secrets: [{ name: "KEY", valueFrom: "arn:other" }],
    },
    { cpu: "512" },
  );
  const difference = taskDefinitionDifference(running, other);
  expect(difference).toEqual({
    differences: ["cpu 256 → 512"],
    containers: [
      {
        container: "orders",
        differences: ["image registry/orders:1 → registry/orders:2", "environment + NEW, ~ URL", "secrets ~ KEY"],
      },
    ],
    isPartial: false,
  });
  expect(JSON.stringify(difference)).not.toContain("hidden");
});

test("what isn't known differs only where it can't be what runs", () => {
  const fits = changed({ environment: [{ name: "URL", value: `https://api.${unknown}` }] });
  expect(taskDefinitionDifference(running, fits)).toEqual({ differences: [], containers: [], isPartial: true });
  const doesNot = changed({ environment: [{ name: "URL", value: `http://${unknown}` }] });
  expect(taskDefinitionDifference(running, doesNot).containers).toEqual([
    { container: "orders", differences: ["environment ~ URL"] },
  ]);
});
