import { variableDefinitions } from "../../../constructs/terraform/variables";
import { project } from "../../../lib/project";
import { settingLeaves } from "../../../settings/leaves";
import { claimsOf } from "../../../stacks/register";
import { rules, whereToChange } from "../../../state/check/where-to-change";
import { parseState } from "../../../state/document";
import { AddressOwners, splitState } from "../../../state/split-state";
import { defaultSettings } from "../../../tools/testing";

const claims = claimsOf(project, defaultSettings());
const owners = new AddressOwners(claims);
const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
const resource = (type: string, name: string, more: object = {}) => ({
  mode: "managed",
  type,
  name,
  provider,
  instances: [{ attributes: {} }],
  ...more,
});

function state(resources: readonly object[]) {
  return parseState(
    JSON.stringify({ version: 4, terraform_version: "1", serial: 8, lineage: "old", outputs: { o: 1 }, resources }),
    "it",
  );
}

describe("splitting a state", () => {
  const whole = state([
    resource("aws_lb", "cruddur_backend_lb"),
    resource("aws_ecr_repository", "repo"),
    resource("aws_vpc", "default", { mode: "data" }),
    resource("aws_instance", "theirs"),
    resource("aws_lb", "cruddur_backend_lb", { module: "module.other" }),
  ]);

  test("goes by the address register; what nobody declares stays with the app", () => {
    const { network, app, undeclared } = splitState(whole, owners);
    expect(network.resources.map(({ type }) => type)).toContain("aws_lb");
    expect(app.resources.filter(({ mode }) => mode === "managed").map(({ type, module }) => [type, module])).toEqual([
      ["aws_ecr_repository", undefined],
      ["aws_instance", undefined],
      ["aws_lb", "module.other"],
    ]);
    expect(undeclared.map(({ type }) => type)).toEqual(["aws_instance", "aws_lb"]);
  });

  test("leaves the app its lineage, and gives the network one of its own", () => {
    const { network, app } = splitState(whole, owners);
    expect([app.lineage, app.serial]).toEqual(["old", 9]);
    expect(network.lineage).toMatch(/^[0-9a-f-]{36}$/);
    const emptied = { ...whole, lineage: "emptied", serial: 4, resources: [] };
    const again = splitState(whole, owners, emptied).network;
    expect([again.lineage, again.serial]).toEqual(["emptied", 5]);
  });
});

describe("where to change", () => {
  test("names settings and variables that exist", () => {
    for (const { place } of rules) {
      const [kind, name] = place.split(" ");
      if (kind === "setting")
        expect(settingLeaves.map(({ path }) => path.split(".").slice(0, 2).join("."))).toContain(name);
      if (kind === "variable") expect(variableDefinitions.map((definition) => definition.name)).toContain(name);
    }
  });

  test("speaks of addresses that the stacks declare", () => {
    const addresses = claims.map(({ address }) => address);
    for (const { address } of rules) expect(addresses.filter((one) => address.test(one))).not.toEqual([]);
  });

  test.each([
    ["aws_db_instance.cruddur", "instance_class", "setting database.instanceClass"],
    ["aws_ecs_task_definition.backend_flask", "container_definitions", "the service's file in services/"],
    ['aws_ssm_parameter.secret["CONNECTION_URL"]', "value", "the Terraform variables"],
    ["aws_db_instance.cruddur", "allocated_storage", "additions/app.ts"],
  ])("%s %s", (address, attribute, place) => expect(whereToChange(address, attribute, "app")).toBe(place));
});
