import { TerraformElement, Testing } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { project } from "../../../lib/project";
import { addStacks } from "../../../stacks";
import { defaultSettings } from "../../../tools/testing";

/** What a construct's properties give: fields, getters, and the values of maps. */
function handedOut(construct: IConstruct): Set<unknown> {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(construct)))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => name);
  const values = [...Object.keys(construct), ...getters].map((name) => Reflect.get(construct, name));
  return new Set(values.flatMap((value) => (value instanceof Map ? [...value.values()] : [value])));
}

/** The construct that made one. Scopes that only lead to a path are of the class Construct itself. */
function makerOf(construct: IConstruct): IConstruct | undefined {
  return construct.node.scopes.findLast((scope) => scope !== construct && scope.constructor !== Construct);
}

/** What a team adds, it may keep to itself. */
const isTeams = (path: string) => /^\w+\/Additions(\/|$)/.test(path);

test("every construct hands out all that it makes", () => {
  const root = Testing.app();
  addStacks(root, project, defaultSettings({ images: { enabled: true, deploy: "hash" } }));
  const made = root.node.findAll().filter((one) => one.constructor !== Construct && !isTeams(one.node.path));
  const hidden = made.filter((one) => {
    const maker = makerOf(one);
    return maker !== undefined && maker !== root && !handedOut(maker).has(one);
  });
  expect(made.filter((one) => TerraformElement.isTerraformElement(one)).length).toBeGreaterThan(130);
  expect(hidden.map(({ node }) => node.path)).toEqual([]);
});
