import type { SynthesizedService } from "../../../../operations/ecs/synthesized-services";
import { ecsTaskDefinition, type Fields } from "../../../../operations/ecs/task-definition";
import { taskDefinitionDifference } from "../../../../operations/ecs/task-definition-diff";

const unknown = "\u0000";
const task = {
  family: "orders",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  executionRoleArn: "arn:e",
  taskRoleArn: "arn:t",
};
const synthesized = {
  name: "orders",
  cluster: "cruddur",
  task,
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
} satisfies SynthesizedService;
/** As ECS gives it back, with what it adds. */
const running = {
  family: "orders",
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

function changed(container: object, more: object = {}): SynthesizedService {
  return {
    ...synthesized,
    task: { ...task, ...more },
    containers: [{ ...synthesized.containers[0], ...container } as never],
  };
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

/** As Terraform has them, through the same conversion as the stacks' own. */
const block = (more: object) => ({ ...synthesized, task: { ...task, ...ecsTaskDefinition(more as Fields) } });

test.each<[string, object, object, string[]]>([
  [
    "a runtime platform",
    {},
    { runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" } },
    ["runtimePlatform.cpuArchitecture X86_64 → ARM64"],
  ],
  ["ephemeral storage", { ephemeralStorage: { sizeInGiB: 40 } }, {}, ["ephemeralStorage.sizeInGiB 40 → 20"]],
  ["a list of one block", {}, { ephemeral_storage: [{ size_in_gib: 40 }] }, ["ephemeralStorage.sizeInGiB 20 → 40"]],
  [
    "volumes, by name",
    {
      volumes: [
        { name: "old", host: {} },
        { name: "data", host: { sourcePath: "/a" } },
      ],
    },
    {
      volume: [
        { name: "data", host_path: "/b" },
        { name: "new", efs_volume_configuration: { file_system_id: "fs-1" } },
      ],
    },
    ["volumes + new, ~ data, - old"],
  ],
  [
    "a proxy, its properties by name",
    { proxyConfiguration: { type: "APPMESH", containerName: "envoy", properties: [{ name: "AppPorts", value: "1" }] } },
    { proxy_configuration: { container_name: "envoy", properties: { AppPorts: "2", EgressIgnoredIPs: "x" } } },
    ["proxyConfiguration.properties + EgressIgnoredIPs, ~ AppPorts"],
  ],
  ["process ids", {}, { pid_mode: "task" }, ["pidMode none → task"]],
  ["faults", { enableFaultInjection: true }, {}, ["enableFaultInjection true → false"]],
  [
    "placement",
    {},
    { placement_constraints: [{ type: "memberOf", expression: "a" }] },
    ["placementConstraints changed"],
  ],
  [
    "compatibilities",
    { requiresCompatibilities: ["EC2"] },
    { requires_compatibilities: ["FARGATE"] },
    ["requiresCompatibilities changed"],
  ],
  ["a family", {}, { family: "other" }, ["family orders → other"]],
  ["what Terraform has and nobody knows here", {}, { new_mode: "fast" }, ["newMode none → fast"]],
  ["what AWS has and nobody knows here", { isolation: { level: "vm" } }, {}, ["isolation.level vm → none"]],
  ["a value that may be secret by name alone", {}, { new_token: "hunter22" }, ["newToken none → (sensitive)"]],
])("%s that differs is told", (_what, more, terraform, expected) => {
  expect(taskDefinitionDifference({ ...running, ...more }, block(terraform)).differences).toEqual(expected);
});

test.each<[string, object, object]>([
  ["units", { cpu: "1024", memory: "2048" }, { cpu: "1 vCPU", memory: "2 GB" }],
  [
    "defaults",
    {
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGiB: 20 },
      enableFaultInjection: false,
      placementConstraints: [],
      volumes: [],
    },
    {},
  ],
  [
    "a volume as ECS gives it back",
    {
      volumes: [
        { name: "b", host: {} },
        {
          name: "a",
          efsVolumeConfiguration: { fileSystemId: "fs-1", rootDirectory: "/", transitEncryption: "DISABLED" },
        },
      ],
    },
    { volume: [{ name: "a", efs_volume_configuration: [{ file_system_id: "fs-1" }] }, { name: "b" }] },
  ],
  ["what is Terraform's own", {}, { skip_destroy: true, track_latest: true, lifecycle: { prevent_destroy: true } }],
  ["numbers in quotation marks", { ephemeralStorage: { sizeInGiB: 40 } }, { ephemeral_storage: { size_in_gib: "40" } }],
  [
    "the order of compatibilities",
    { requiresCompatibilities: ["EC2", "FARGATE"] },
    { requires_compatibilities: ["FARGATE", "EC2"] },
  ],
  [
    "what AWS says of its own",
    {
      status: "ACTIVE",
      revision: 3,
      compatibilities: ["EC2"],
      requiresAttributes: [{ name: "x" }],
      registeredBy: "arn",
    },
    {},
  ],
])("is the same: %s", (_what, more, terraform) => {
  expect(taskDefinitionDifference({ ...running, ...more } as never, block(terraform)).differences).toEqual([]);
});

test("tags by name; AWS's own are nobody's", () => {
  const wanted = { ...synthesized, task: { ...task, tags: { team: "a", cost: "1" } } };
  const tags = [
    { key: "team", value: "b" },
    { key: "old", value: "" },
    { key: "aws:ecs:x", value: "y" },
  ];
  expect(taskDefinitionDifference(running, wanted, tags).differences).toEqual(["tags + cost, ~ team, - old"]);
  expect(taskDefinitionDifference(running, wanted).differences).toEqual([]);
});

test("containers and task definitions that only a plan can tell make the comparison partial", () => {
  const { containers: _, ...without } = synthesized;
  expect(taskDefinitionDifference(running, without)).toEqual({ differences: [], containers: [], isPartial: true });
  expect(taskDefinitionDifference(running, {})).toEqual({ differences: [], containers: [], isPartial: true });
  const sized = block({ ephemeral_storage: { size_in_gib: unknown } });
  expect(taskDefinitionDifference({ ...running, ephemeralStorage: { sizeInGiB: 33 } }, sized)).toMatchObject({
    differences: [],
    isPartial: true,
  });
});
