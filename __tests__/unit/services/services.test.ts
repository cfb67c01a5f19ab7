import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { httpPort, type ServiceDefinition } from "../../../services/definition";
import { imageUri } from "../../../services/images";
import { type SynthesizedStack, synth } from "../../../tools/testing";
import { addedAddresses } from "../../support/added-addresses";

// At most 15 lines in additions/services.ts.
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
    expect(addedAddresses(before.network, after.network)).toEqual([
      "aws_lb_listener_rule.orders",
      "aws_lb_target_group.orders_tg",
      "aws_route53_record.orders",
    ]);
    expect(addedAddresses(before.app, after.app)).toEqual([
      'aws_ecr_repository.repo["orders"]',
      "aws_ecs_service.orders",
      "aws_ecs_task_definition.orders",
    ]);
  });

  test.each(["network", "app"] as const)("moves nothing that is there in %s", (stack) => {
    const resources = (synthesized: SynthesizedStack) =>
      Object.fromEntries(before[stack].managed().map((address) => [address, synthesized.resource(address)]));
    const { "aws_ecr_repository.repo": repositories, ...rest } = resources(after[stack]);
    const { "aws_ecr_repository.repo": own, ...restBefore } = resources(before[stack]);
    expect(rest).toEqual(restBefore);
    expect({ ...repositories, for_each: "" }).toEqual({ ...own, for_each: "" });
  });

  test("is complete: log stream, Service Connect, target group", () => {
    const [container] = after.app.resource("aws_ecs_task_definition.orders").container_definitions;
    expect(container).toMatchObject({
      logConfiguration: { options: { "awslogs-stream-prefix": "orders" } },
      environment: [{ name: "PUBLIC_URL", value: "https://orders.${var.cruddur_dns_name}" }],
    });
    expect(after.app.resource("aws_ecs_service.orders")).toMatchObject({
      service_connect_configuration: { service: [{ port_name: "orders", client_alias: { port: 8080 } }] },
      load_balancer: [
        {
          container_name: "orders",
          container_port: 8080,
          target_group_arn: '${data.terraform_remote_state.network.outputs.target_group_arns["orders"]}',
        },
      ],
    });
    expect(after.network.resource("output.target_group_arns").value.orders).toBe(
      "${aws_lb_target_group.orders_tg.arn}",
    );
  });
});

describe("the authorizer left out", () => {
  const { app, network } = synth({ settings: { authz: false } });
  const all = synth();

  test("takes its service and task definition with it, and keeps its repository", () => {
    const gone = all.app.addresses().filter((address) => !app.addresses().includes(address));
    expect(gone).toEqual(["aws_ecs_service.backend_authz", "aws_ecs_task_definition.backend_authz"]);
    expect(network.json).toEqual(all.network.json);
  });
});

describe("the services' facts", () => {
  test("know nothing of cdktf", () => {
    const folder = join(project, "services");
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
