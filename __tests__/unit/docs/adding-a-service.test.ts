import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { project } from "../../../lib/project";
import { servicesOf } from "../../../services";
import type { ServiceDefinition } from "../../../services/definition";
import { type SynthesizedStack as Synthesized, synth } from "../../../tools/testing";
import { addedAddresses } from "../../support/added-addresses";

type TeamServices = (own: readonly ServiceDefinition[]) => readonly ServiceDefinition[];

const page = readFileSync(join(project, "docs", "adding-a-service.md"), "utf8");
const examples = [...page.matchAll(/```ts\n([^`]*(?:`[^`]+`[^`]*)*?)```/g)].map(([, code = ""]) => pasted(code));

/** What additions/services.ts does with this text in it. */
function pasted(contents: string): TeamServices {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: join(project, "additions"), loader: "ts" },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
  });
  const module = { exports: {} as { teamServices: TeamServices } };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(module, module.exports, require);
  return module.exports.teamServices;
}

describe("the example of a service, as pasted", () => {
  const [orders, changed] = examples as [TeamServices, TeamServices];
  const before = synth();
  const after = synth({ services: orders });

  test("is one of two on the page", () => expect(examples).toHaveLength(2));

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
      'aws_ssm_parameter.secret["ORDERS_API_KEY"]',
    ]);
  });

  test("has its secret from a sensitive variable, which both stacks take and app requires", () => {
    const [container] = after.app.resource("aws_ecs_task_definition.orders").container_definitions as {
      secrets: { name: string }[];
    }[];
    expect(container?.secrets.map(({ name }) => name)).toEqual(["CONNECTION_URL", "ORDERS_API_KEY"]);
    expect(after.app.json.locals.secret_values.ORDERS_API_KEY).toBe("${var.orders_api_key}");
    expect(after.app.resource("var.orders_api_key")).toMatchObject({ sensitive: true, type: "string" });
    expect(after.app.resource("var.orders_api_key").default).toBeUndefined();
    expect(after.network.resource("var.orders_api_key")).toMatchObject({ sensitive: true, default: null });
  });

  test("names what its image is built from", () => {
    const service = orders(servicesOf({ authz: true })).find(({ name }) => name === "orders");
    expect(service?.containers[0].image.build).toEqual({ context: "../orders" });
  });

  test("moves nothing that is there", () => {
    const others = (synthesized: Synthesized, stack: "network" | "app") =>
      before[stack]
        .managed()
        .filter((address) => !["aws_ecr_repository.repo", "aws_ssm_parameter.secret"].includes(address))
        .map((address) => [address, synthesized.resource(address)]);
    for (const stack of ["network", "app"] as const) {
      expect(others(after[stack], stack)).toEqual(others(before[stack], stack));
    }
  });

  test("the other one changes a service in its place", () => {
    const own = servicesOf({ authz: true });
    expect(changed(own).map(({ name, memoryMiB }) => [name, memoryMiB])).toEqual(
      own.map(({ name, memoryMiB }) => [name, name === "frontend-react-js" ? 1024 : memoryMiB]),
    );
  });
});
