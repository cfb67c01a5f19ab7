import { Testing } from "cdktf";
import { setArgument } from "../../../../constructs/terraform/arguments";
import { makeStacks, type Stacks } from "../../../../tools/testing";
import { TeamAppAdditions, TeamNetworkAdditions } from "../../../support/eject/additions";

const stacks = makeStacks({ additions: { network: TeamNetworkAdditions, app: TeamAppAdditions } });
setArgument(stacks.app, "aws_db_instance.cruddur", ["timeouts"], { create: "1h" });

const hcl = (stack: keyof Pick<Stacks, "network" | "app">): string => Testing.synthHcl(stacks[stack]);

test.each(["network", "app"] as const)("the HCL of %s is for people to read", (stack) => {
  const text = hcl(stack);
  expect(text.split("\n").filter((line: string) => line.length > 400)).toEqual([]);
  expect(text).not.toMatch(/= "\$\{[^}"]*\}"$/m);
  // A variable that need not be set has null as its default.
  expect(text.match(/^.* = null$/gm)?.filter((line: string) => !/^ {2}default /.test(line)) ?? []).toEqual(
    stack === "app" ? ["          none     = null", "  size = null"] : [],
  );
});

test("blocks are blocks, whether a construct or an override says them", () => {
  expect(hcl("network")).toContain('  dynamic "cors_rule" {\n    for_each = {\n');
  expect(hcl("network")).toMatch(/\n {2}ingress \{\n/);
  expect(hcl("app")).toContain('  timeouts {\n    create = "1h"\n  }');
  expect(hcl("app")).toContain('  setting {\n    name  = "containerInsights"\n    value = "enabled"\n  }');
  expect(hcl("app")).toContain('    "cost.center" = "12"\n');
});

test("each resource says which construct made it", () => {
  expect(hcl("app")).toContain('# app/backend_flask/Service\nresource "aws_ecs_service" "backend_flask" {\n');
});
