import { parseState, type StateDocument } from "../../../state/document";
import { contentDigest, inventory, inventoryDifference, notWithin } from "../../../state/inventory";

const provider = 'provider["registry.terraform.io/hashicorp/aws"]';

function stateOf(resources: readonly object[], more: object = {}): StateDocument {
  const whole = { version: 4, terraform_version: "1", serial: 1, lineage: "l", outputs: {}, resources, ...more };
  return parseState(JSON.stringify(whole), "it");
}

const resource = (name: string, instances: readonly object[], more: object = {}) => ({
  mode: "managed",
  type: "aws_x",
  name,
  provider,
  instances,
  ...more,
});

const one = { schema_version: 1, attributes: { id: "a" }, private: "YQ==", dependencies: ["aws_x.z", "aws_x.y"] };

describe("the inventory", () => {
  test("names instances as Terraform does", () => {
    const state = stateOf([
      resource("plain", [one]),
      resource("keyed", [{ ...one, index_key: 'a"${b}%{c}' }]),
      resource("counted", [{ ...one, index_key: 0 }], { module: 'module.m["k"]' }),
      resource("left", [{ ...one, deposed: "abcd1234" }]),
      resource("read", [one], { mode: "data" }),
    ]);
    expect(inventory(state).map(({ address }) => address)).toEqual([
      "aws_x.plain",
      'aws_x.keyed["a\\"$${b}%%{c}"]',
      'module.m["k"].aws_x.counted[0]',
      "aws_x.left (deposed abcd1234)",
      "data.aws_x.read",
    ]);
  });

  const whole = stateOf([resource("a", [one]), resource("b", [one])]);

  test("is the same for two halves", () => {
    const halves = [stateOf([resource("b", [one])]), stateOf([resource("a", [one])])];
    expect(inventoryDifference(whole, halves)).toEqual({ lost: [], added: [], altered: [], duplicated: [] });
    expect(notWithin(halves[0] as StateDocument, whole)).toEqual([]);
  });

  test.each([
    ["lost", [resource("a", [one])], "aws_x.b"],
    ["added", [resource("a", [one]), resource("b", [one]), resource("c", [one])], "aws_x.c"],
    ["duplicated", [resource("a", [one]), resource("b", [one]), resource("b", [one])], "aws_x.b"],
    ["altered", [resource("a", [one]), resource("b", [{ ...one, attributes: { id: "b" } }])], "aws_x.b"],
    ["altered", [resource("a", [one]), resource("b", [{ ...one, private: "Yg==" }])], "aws_x.b"],
    ["altered", [resource("a", [one]), resource("b", [{ ...one, dependencies: ["aws_x.z"] }])], "aws_x.b"],
    ["altered", [resource("a", [one]), resource("b", [one], { provider: `${provider}.other` })], "aws_x.b"],
    ["altered", [resource("a", [one]), resource("b", [{ ...one, status: "tainted" }])], "aws_x.b"],
  ] as const)("shows what is %s", (kind, resources, address) => {
    const difference = inventoryDifference(whole, [stateOf(resources)]);
    expect(difference[kind]).toEqual([address]);
    expect(Object.values(difference).flat()).toEqual([address]);
  });

  test("takes no notice of what Terraform versions write differently", () => {
    const other = {
      ...one,
      dependencies: ["aws_x.y", "aws_x.z"],
      sensitive_attributes: [],
      identity_schema_version: 0,
    };
    expect(inventoryDifference(whole, [stateOf([resource("a", [other]), resource("b", [other])])]).altered).toEqual([]);
  });

  test("digests content, not serial, lineage or order", () => {
    const same = stateOf([resource("b", [one]), resource("a", [one])], { serial: 9, lineage: "m" });
    expect(contentDigest(same)).toBe(contentDigest(whole));
    const outputs = { x: { value: 1, type: "number" } };
    expect(contentDigest({ ...whole, outputs })).not.toBe(contentDigest(whole));
    expect(contentDigest(stateOf([], { outputs }))).toBe(contentDigest(undefined));
  });
});
