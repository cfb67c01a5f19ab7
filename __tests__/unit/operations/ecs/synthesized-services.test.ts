import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";
import { type KnownValues, SynthesizedServices } from "../../../../operations/ecs/synthesized-services";
import { taskDefinitionDifference } from "../../../../operations/ecs/task-definition-diff";
import { secretNames } from "../../../../services/names";
import { SynthesizedStacks } from "../../../../terraform/synthesized";
import { synth } from "../../../../tools/testing";

const known: KnownValues = {
  accountId: "123456789012",
  region: "eu-central-1",
  variables: { cruddur_dns_name: "cruddur.example.com" },
};

const stacks = new SynthesizedStacks(Object.entries(synth()).map(([id, { json }]) => ({ id, json })));

function synthesized(name: string, values: KnownValues = known) {
  const found = new SynthesizedServices(stacks, values).all().find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not synthesized`);
  return found;
}

/** What ECS answers after it was given the synthesized one: with its defaults, and lists in an order of its own. */
function registered(name: string, change: (containers: ContainerDefinition[]) => ContainerDefinition[] = (all) => all) {
  const { task, containers } = synthesized(name);
  const filled = (containers as unknown as ContainerDefinition[]).map((container) => ({
    ...container,
    cpu: 0,
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    environment: [...(container.environment ?? [])].reverse(),
    portMappings: container.portMappings?.map((mapping) => ({ ...mapping, hostPort: mapping.containerPort })),
  }));
  return {
    ...task,
    revision: 7,
    status: "ACTIVE",
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [{ name: "ecs.capability.task-eni" }],
    volumes: [],
    placementConstraints: [],
    registeredAt: new Date(0),
    containerDefinitions: change(filled),
  } as TaskDefinition;
}

/** Changes one container of what runs. */
function running(container: string, change: Partial<ContainerDefinition> | ((old: ContainerDefinition) => object)) {
  return registered("backend-flask", (all) =>
    all.map((one) =>
      one.name === container ? { ...one, ...(typeof change === "function" ? change(one) : change) } : one,
    ),
  );
}

const difference = (task: TaskDefinition) => taskDefinitionDifference(task, synthesized("backend-flask"));

test.each(["backend-flask", "backend-authz", "frontend-react-js", "otel-collector"])(
  "%s as ECS has registered it is the same",
  (name) => {
    expect(taskDefinitionDifference(registered(name), synthesized(name))).toEqual({
      differences: [],
      containers: [],
      isPartial: false,
    });
  },
);

test("the expressions of a task definition are filled in with what they stand for", () => {
  const { task, containers = [] } = synthesized("backend-flask");
  expect([task?.executionRoleArn, task?.taskRoleArn]).toEqual([
    "arn:aws:iam::123456789012:role/CruddurServiceExecutionRole",
    "arn:aws:iam::123456789012:role/CruddurTaskRole",
  ]);
  const [backend] = containers as unknown as ContainerDefinition[];
  expect(backend?.image).toBe("123456789012.dkr.ecr.eu-central-1.amazonaws.com/backend-flask");
  expect(backend?.environment).toContainEqual({ name: "BACKEND_URL", value: "https://api.cruddur.example.com" });
  for (const { name, valueFrom } of backend?.secrets ?? []) {
    expect(secretNames).toContain(name);
    expect(valueFrom).toBe(`arn:aws:ssm:eu-central-1:123456789012:parameter/cruddur/backend-flask/${name}`);
  }
  expect(backend?.logConfiguration?.options).toEqual({
    "awslogs-group": "/cruddur/fargate-cluster",
    "awslogs-region": "eu-central-1",
    "awslogs-stream-prefix": "backend-flask",
  });
});

test.each<[string, string, Partial<ContainerDefinition> | ((old: ContainerDefinition) => object), RegExp[]]>([
  ["an image", "envoy", { image: "r/envoy:old" }, [/^image r\/envoy:old → .*\/envoy:dns-family-v4$/]],
  ["a user", "xray", { user: "0" }, [/^user 0 → 1337$/]],
  ["a port", "envoy", { portMappings: [{ containerPort: 1, protocol: "tcp" }] }, [/^ports 1\/tcp → 8800\/tcp$/]],
  [
    "a protocol",
    "xray",
    { portMappings: [{ name: "xray", containerPort: 2000, hostPort: 2000, protocol: "tcp" }] },
    [/2000\/tcp → 2000\/udp/],
  ],
  ["a health check", "envoy", { healthCheck: undefined }, [/^health check none → .*server_info/]],
  [
    "the time of a health check",
    "envoy",
    (old) => ({ healthCheck: { ...old.healthCheck, retries: 9 } }),
    [/^health check/],
  ],
  [
    "where logs go",
    "envoy",
    { logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "x" } } },
    [/^logConfiguration changed$/],
  ],
  ["a mount", "envoy", { mountPoints: [{ sourceVolume: "v" }] }, [/^mountPoints changed$/]],
  [
    "variables by name",
    "backend-flask",
    ({ environment = [] }) => ({
      environment: [
        { name: "EXTRA", value: "hidden-value" },
        ...environment
          .filter(({ name }) => name !== "OTEL_SERVICE_NAME")
          .map((one) => (one.name === "BACKEND_URL" ? { ...one, value: "hidden-value" } : one)),
      ],
    }),
    [/^environment \+ OTEL_SERVICE_NAME, ~ BACKEND_URL, - EXTRA$/],
  ],
  [
    "secrets by name",
    "backend-flask",
    { secrets: [{ name: "CONNECTION_URL", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/other" }] },
    [/^secrets \+ AWS_COGNITO.*, ~ CONNECTION_URL$/],
  ],
])("%s that differs is told", (_what, container, change, expected) => {
  const { containers, differences } = difference(running(container, change));
  expect(differences).toEqual([]);
  expect(containers).toEqual([{ container, differences: expected.map((pattern) => expect.stringMatching(pattern)) }]);
  expect(JSON.stringify(containers)).not.toContain("hidden-value");
});

test("what is beside the containers, and containers that are gone or new", () => {
  const task = registered("backend-flask", (all) => [
    ...all.filter(({ name }) => name !== "envoy"),
    { name: "old-sidecar", image: "x" },
  ]);
  const result = difference({ ...task, cpu: "256", networkMode: "bridge", taskRoleArn: undefined });
  expect(result.differences).toEqual([
    "cpu 256 → 512",
    "networkMode bridge → awsvpc",
    "taskRoleArn none → arn:aws:iam::123456789012:role/CruddurTaskRole",
  ]);
  expect(result.containers).toEqual([
    { container: "envoy", differences: [expect.stringMatching(/^new, image .*envoy:dns-family-v4$/)] },
    { container: "old-sidecar", differences: ["gone"] },
  ]);
});

describe("without the domain", () => {
  const unknown = { ...known, variables: {} };

  test("the rest of a value is compared, and the result says that it is partial", () => {
    const wanted = synthesized("backend-flask", unknown);
    expect(taskDefinitionDifference(registered("backend-flask"), wanted)).toEqual({
      differences: [],
      containers: [],
      isPartial: true,
    });
  });

  test("a value that no domain makes is a difference", () => {
    const wanted = synthesized("backend-flask", unknown);
    const task = running("backend-flask", ({ environment = [] }) => ({
      environment: environment.map((one) => (one.name === "BACKEND_URL" ? { ...one, value: "ftp://api.x" } : one)),
    }));
    expect(taskDefinitionDifference(task, wanted)).toMatchObject({
      containers: [{ container: "backend-flask", differences: ["environment ~ BACKEND_URL"] }],
      isPartial: true,
    });
  });
});
