import { isMotoGap } from "../../../local/aws/gaps";
import type { Plan } from "../../../terraform/plan";
import { changedOutputs, plannedChanges } from "../../../terraform/plan-changes";

type Change = NonNullable<Plan["resource_changes"]>[number];

function change(
  actions: Change["change"]["actions"],
  before: object | null,
  after: object | null,
  unknown: unknown = {},
): Plan {
  const values = { actions, before, after, after_unknown: unknown } as Change["change"];
  return {
    resource_changes: [{ address: "aws_ecs_service.a", type: "aws_ecs_service", mode: "managed", change: values }],
  };
}

describe("plannedChanges", () => {
  test("tells each changed attribute with before and after", () => {
    const plan = change(["update"], { a: 1, b: [{ c: "x" }], d: null }, { a: 1, b: [{ c: "y" }], d: "" });
    expect(plannedChanges(plan)[0]?.attributes).toEqual([
      { path: "b.0.c", keys: ["b", "0", "c"], before: "x", after: "y" },
      { path: "d", keys: ["d"], before: null, after: "" },
    ]);
  });

  test("tells what is known after apply only", () => {
    const plan = change(["update"], { arn: "x", list: ["a"] }, { list: ["a"] }, { arn: true, list: [false] });
    expect(plannedChanges(plan)[0]?.attributes).toEqual([
      { path: "arn", keys: ["arn"], before: "x", after: "(known after apply)" },
    ]);
  });

  test("tells creation and destruction as a whole, and leaves out what stays", () => {
    expect(plannedChanges(change(["delete"], { a: 1 }, null, false))[0]?.attributes).toEqual([
      { path: "", keys: [], before: { a: 1 }, after: null },
    ]);
    expect(plannedChanges(change(["no-op"], { a: 1 }, { a: 1 }))).toEqual([]);
    expect(plannedChanges({})).toEqual([]);
  });
});

test("changedOutputs tells the names", () => {
  expect(
    changedOutputs({
      output_changes: { b: { actions: ["update"] }, a: { actions: ["create"] }, c: { actions: ["no-op"] } },
    }),
  ).toEqual(["a", "b"]);
});

describe("isMotoGap", () => {
  const forgotten = { enable_execute_command: false, availability_zone_rebalancing: "", x: 1 };
  const wanted = { enable_execute_command: true, availability_zone_rebalancing: "DISABLED", x: 1 };
  const verdict = (plan: Plan) => plannedChanges(plan).map(isMotoGap);

  test("is what moto forgets", () => {
    expect(verdict(change(["update"], forgotten, wanted))).toEqual([true]);
  });

  test.each([
    ["another attribute", change(["update"], forgotten, { ...wanted, x: 2 })],
    ["another value", change(["update"], forgotten, { ...wanted, availability_zone_rebalancing: "ENABLED" })],
    ["another direction", change(["update"], wanted, forgotten)],
    ["a replacement", change(["delete", "create"], forgotten, wanted)],
  ])("is not %s", (_what, plan) => {
    expect(verdict(plan)).toEqual([false]);
  });
});
