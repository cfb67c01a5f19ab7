import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { httpPort, type ServiceDefinition } from "../../../services/definition";
import { imageUri } from "../../../services/images";
import { parsedDocument, type Synthesized, synth } from "../../support/synth";

// At most 15 lines in services/index.ts: the example of the README.
const orders: ServiceDefinition = {
  name: "orders",
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "orders",
      image: { repository: "orders", tag: "1.0" },
      ports: [httpPort("orders", 8080)],
      environment: ({ domain }) => ({ PUBLIC_URL: `https://orders.${domain}` }),
    },
  ],
  route: { hostLabel: "orders", priority: 300, containerPort: 8080, healthCheckPath: "/health" },
};

const sourceLines = readFileSync(__filename, "utf8").split("\n");
const from = sourceLines.findIndex((line) => line.startsWith("const orders"));

describe("a fifth service", () => {
  const before = synth();
  const after = synth({ services: (own) => [...own, orders] });

  test("takes at most 15 lines in one place", () => {
    expect(sourceLines.indexOf("};", from) - from + 1).toBeLessThanOrEqual(15);
  });

  test("adds its own addresses and no others", () => {
    const added = (stack: "network" | "app") =>
      after[stack].instances().filter((address) => !before[stack].instances().includes(address));
    expect(added("network")).toEqual([
      "aws_lb_listener_rule.orders",
      "aws_lb_target_group.orders_tg",
      "aws_route53_record.orders",
    ]);
    expect(added("app")).toEqual([
      'aws_ecr_repository.repo["orders"]',
      "aws_ecs_service.orders",
      "aws_ecs_task_definition.orders",
    ]);
  });

  test.each(["network", "app"] as const)("moves nothing that is there in %s", (stack) => {
    const resources = (synthesized: Synthesized) =>
      Object.fromEntries(before[stack].managed().map((address) => [address, synthesized.block(address)]));
    const { "aws_ecr_repository.repo": repositories, ...rest } = resources(after[stack]);
    const { "aws_ecr_repository.repo": own, ...restBefore } = resources(before[stack]);
    expect(rest).toEqual(restBefore);
    expect({ ...repositories, for_each: "" }).toEqual({ ...own, for_each: "" });
  });

  test("is complete: log stream, Service Connect, target group", () => {
    const [container] = parsedDocument(
      after.app.block("aws_ecs_task_definition.orders").container_definitions,
    ) as Record<string, never>[];
    expect(container).toMatchObject({
      logConfiguration: { options: { "awslogs-stream-prefix": "orders" } },
      environment: [{ name: "PUBLIC_URL", value: "https://orders.${var.cruddur_dns_name}" }],
    });
    expect(after.app.block("aws_ecs_service.orders")).toMatchObject({
      service_connect_configuration: { service: [{ port_name: "orders", client_alias: { port: 8080 } }] },
      load_balancer: [
        {
          container_name: "orders",
          container_port: 8080,
          target_group_arn: '${data.terraform_remote_state.network.outputs.target_group_arns["orders"]}',
        },
      ],
    });
    expect(after.network.block("output.target_group_arns").value.orders).toBe("${aws_lb_target_group.orders_tg.arn}");
  });
});

describe("the authorizer left out", () => {
  const { app, network } = synth({ settings: { authz: false } });
  const all = synth();

  test("takes its service and task definition with it, and keeps its repository", () => {
    const gone = all.app.instances().filter((address) => !app.instances().includes(address));
    expect(gone).toEqual(["aws_ecs_service.backend_authz", "aws_ecs_task_definition.backend_authz"]);
    expect(network.json).toEqual(all.network.json);
  });
});

describe("the services' facts", () => {
  test("know nothing of cdktf", () => {
    const folder = join(__dirname, "..", "..", "..", "services");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const imported = [...readFileSync(join(folder, file), "utf8").matchAll(/from "([^"]+)"/g)].map(
        ([, name]) => name,
      );
      for (const name of imported) expect(name).toMatch(/^\.\.?\//);
    }
  });

  test.each([
    [{ repository: "envoy" }, "own/envoy"],
    [{ repository: "envoy", tag: "v1" }, "own/envoy:v1"],
    [{ registry: "public.ecr.aws", repository: "a/b", digest: "sha256:00" }, "public.ecr.aws/a/b@sha256:00"],
  ])("an image reference %j is %s", (image, uri) => {
    expect(imageUri(image, "own")).toBe(uri);
  });
});
