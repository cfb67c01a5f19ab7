import { TerraformElement, TerraformProvider, type TerraformStack } from "cdktf";
import { addressRegister } from "../../../constructs/terraform/addressed-stack";
import { makeStacks } from "../../../tools/testing";
import { documentedRows } from "../../support/documented-tables";

const { root, network, app } = makeStacks();
const claimed = new Map(addressRegister(root).map(({ constructPath, address }) => [constructPath, address]));

/** The values behind `app.services.get("backend-flask")?.service`: of all keys, when asked for the whole map. */
function follow(path: string, wholeMaps = false): unknown[] {
  const [first = "", ...steps] = path.split(/\??\./);
  return steps.reduce<unknown[]>(
    (values, step) => {
      const key = /^get\("(.+)"\)$/.exec(step)?.[1];
      return values.flatMap((value) => {
        if (key === undefined) return [Reflect.get(value as object, step)];
        const map = value as ReadonlyMap<string, unknown>;
        return wholeMaps ? [...map.values()] : [map.get(key)];
      });
    },
    [{ network, app }[first]],
  );
}

function addressOf(element: unknown): string | undefined {
  if (!TerraformElement.isTerraformElement(element)) return undefined;
  if (element instanceof TerraformProvider) return `provider.${element.terraformResourceType}`;
  return element.node.id === "backend" ? "terraform.backend" : claimed.get(element.node.path);
}

describe.each([
  ["network", network],
  ["app", app],
])("the table of what the %s stack hands out", (id: string, stack: TerraformStack) => {
  const rows = documentedRows(`What the ${id} stack hands out`, "additions.md");

  test.each(rows)("%s is %s", (path = "", address) => {
    expect(follow(path).map(addressOf)).toEqual([address]);
  });

  test("leaves out nothing", () => {
    const listed = new Set(rows.flatMap(([path = ""]) => follow(path, true)));
    const all = stack.node.findAll().filter((one) => one !== stack && TerraformElement.isTerraformElement(one));
    expect(all.filter((element) => !listed.has(element)).map(({ node }) => node.path)).toEqual([]);
  });
});
