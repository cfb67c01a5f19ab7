import { addressParts } from "../../../terraform/addresses";

test.each([
  ["aws_lb.a", { modules: [], mode: "managed", type: "aws_lb", name: "a" }],
  ['aws_lb.a["x.y\\"]"]', { modules: [], mode: "managed", type: "aws_lb", name: "a" }],
  ["data.aws_vpc.v[0]", { modules: [], mode: "data", type: "aws_vpc", name: "v" }],
  ["ephemeral.random_password.p", { modules: [], mode: "ephemeral", type: "random_password", name: "p" }],
  ['module.a["k.l"].module.b[1].aws_lb.c-d', { modules: ["a", "b"], mode: "managed", type: "aws_lb", name: "c-d" }],
  ["module.module.data.data.data", { modules: ["module"], mode: "data", type: "data", name: "data" }],
])("%s", (address, parts) => {
  expect(addressParts(address)).toEqual(parts);
});

test.each(["", "aws_lb", "aws_lb.a b", "module.a", "aws_lb.a[x]", "aws_lb.a\naws_lb.b", "aws_lb.a[0].id"])(
  "%j is none",
  (address) => {
    expect(addressParts(address)).toBeUndefined();
  },
);
