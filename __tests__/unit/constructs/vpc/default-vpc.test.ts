import { synth } from "../../../../tools/testing";

describe("DefaultVpc", () => {
  test.each(["network", "app"] as const)("is looked up with all of its subnets in %s", (id) => {
    const stack = synth()[id];
    expect(stack.resource("data.aws_vpc.default")).toEqual({ default: true });
    expect(stack.resource("data.aws_subnets.default")).toEqual({
      filter: [{ name: "vpc-id", values: ["${data.aws_vpc.default.id}"] }],
    });
  });

  test.each(["network", "app"] as const)("has its subnets narrowed down by a setting in %s", (id) => {
    const stack = synth({ settings: { subnetFilters: { "availability-zone": ["eu-west-1a"] } } })[id];
    expect(stack.resource("data.aws_subnets.default").filter).toEqual([
      { name: "vpc-id", values: ["${data.aws_vpc.default.id}"] },
      { name: "availability-zone", values: ["eu-west-1a"] },
    ]);
  });
});
