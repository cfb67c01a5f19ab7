import { xrayOperations } from "../../../../local/aws/xray-stand-in";

describe("the X-Ray stand-in", () => {
  const call = (operations: ReturnType<typeof xrayOperations>, name: string, input: object) =>
    operations[name]?.(input as never);

  test("keeps groups", () => {
    const xray = xrayOperations("eu-west-1");
    expect(call(xray, "CreateGroup", { GroupName: "a", FilterExpression: "x" })).toMatchObject({
      Group: { GroupARN: "arn:aws:xray:eu-west-1:123456789012:group/a/LOCAL", FilterExpression: "x" },
    });
    expect(call(xray, "CreateGroup", { GroupName: "a" })).toBeUndefined();
    call(xray, "UpdateGroup", { GroupName: "a", FilterExpression: "y" });
    expect(call(xray, "GetGroup", { GroupARN: "arn:aws:xray:eu-west-1:123456789012:group/a/LOCAL" })).toMatchObject({
      Group: { GroupName: "a", FilterExpression: "y" },
    });
    expect(call(xray, "DeleteGroup", { GroupName: "a" })).toEqual({});
    expect(call(xray, "GetGroup", { GroupName: "a" })).toBeUndefined();
  });

  test("keeps sampling rules", () => {
    const xray = xrayOperations("eu-west-1");
    call(xray, "CreateSamplingRule", { SamplingRule: { RuleName: "r", FixedRate: 0.1 } });
    call(xray, "UpdateSamplingRule", { SamplingRuleUpdate: { RuleName: "r", FixedRate: 0.2 } });
    expect(call(xray, "GetSamplingRules", {})).toMatchObject({
      SamplingRuleRecords: [{ SamplingRule: { RuleName: "r", FixedRate: 0.2, Attributes: {} } }],
    });
    call(xray, "DeleteSamplingRule", { RuleName: "r" });
    expect(call(xray, "GetSamplingRules", {})).toEqual({ SamplingRuleRecords: [] });
  });
});
