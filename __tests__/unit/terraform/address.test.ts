import {
  keySuffix,
  parseAddress,
  parseReference,
  quoted,
  steps,
  unquoted,
  withoutKeys,
} from "../../../terraform/address";

/** As Terraform 1.11 prints them in a plan of `terraform_data` with these keys. */
const printed: [string, string][] = [
  ["plain", '"plain"'],
  ["a.b[0]", '"a.b[0]"'],
  ['q"\\', '"q\\"\\\\"'],
  ["a\nb\tc\r", '"a\\nb\\tc\\r"'],
  ["${x} %{y} $ {", '"$${x} %%{y} $ {"'],
  ["ü 😀 日本", '"ü 😀 日本"'],
  ["\u0001\u007f\u200b\u00a0", '"\\u0001\\u007f\\u200b\\u00a0"'],
  ["\u{e0001}", '"\\U000e0001"'],
  ["lang:c++ (.*)", '"lang:c++ (.*)"'],
];

test.each(printed)("the key %j is written as Terraform does, and read back", (key, text) => {
  expect(quoted(key)).toBe(text);
  expect(unquoted(text.slice(1, -1))).toBe(key);
  const address = `module.web${keySuffix(key)}.aws_lb.x${keySuffix(key)}`;
  expect(parseAddress(address)).toEqual({ modules: ["web"], mode: "managed", type: "aws_lb", name: "x", key });
  expect(withoutKeys(address)).toBe("module.web.aws_lb.x");
});

test.each([
  ["aws_lb.x", { modules: [], mode: "managed", type: "aws_lb", name: "x" }],
  ["data.aws_lb.x[3]", { modules: [], mode: "data", type: "aws_lb", name: "x", key: 3 }],
  ["module.a.module.b[0].data.aws_lb.Größe-1", { modules: ["a", "b"], mode: "data", type: "aws_lb", name: "Größe-1" }],
  ["aws_lb.x (deposed 0a1b2c3d)", { modules: [], mode: "managed", type: "aws_lb", name: "x" }],
])("%s is taken apart", (text, address) => expect(parseAddress(text)).toEqual(address));

test.each(["aws_lb", "aws_lb.x.name", 'aws_lb.x["a"', "aws_lb.x[a]", "", "a b.c", "module.x"])(
  "%j is no address",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
    expect(withoutKeys(text)).toBe(text);
  },
);

test("references: the resource, and the path in it", () => {
  expect(parseReference('aws_x.y["a.b"].list[0].name')).toEqual({ resource: "aws_x.y", path: ["list", "0", "name"] });
  expect(parseReference("data.terraform_remote_state.network.outputs.arn")).toEqual({
    resource: "data.terraform_remote_state.network",
    path: ["outputs", "arn"],
  });
  for (const text of ["var.x", "each.value", "local.a.b", "module.m.out", "path.module"]) {
    expect(parseReference(text)).toBeUndefined();
  }
  expect(steps("tags[var.x]")).toBeUndefined();
});
