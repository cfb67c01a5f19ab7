/** What moto forgets isn't shown as a change; whatever else changes is. */
import { withoutMotoGaps } from "../../../../local/aws/gaps";
import { readPlan } from "../../../../terraform/plan";

const forgotten = { availability_zone_rebalancing: "", enable_execute_command: false };
const told = { availability_zone_rebalancing: "DISABLED", enable_execute_command: true };

function changed(before: object, after: object, type = "aws_ecs_service"): unknown {
  const change = { actions: ["update"], before, after, after_unknown: {} };
  const resource = { address: `${type}.one`, mode: "managed", type, name: "one", change };
  const plan = readPlan({ format_version: "1.2", resource_changes: [resource] }, "The plan");
  const left = withoutMotoGaps(plan).resource_changes?.[0]?.change;
  return left?.actions.join() === "no-op" ? "nothing" : left?.before;
}

test("a service of which moto has forgotten something alone doesn't change", () => {
  expect(changed(forgotten, told)).toBe("nothing");
  expect(changed({ ...told, enable_execute_command: false }, told)).toBe("nothing");
});

test("what changes besides stays, without what was forgotten", () => {
  const count = (desired_count: number) => ({ desired_count });
  expect(changed({ ...forgotten, ...count(1) }, { ...told, ...count(2) })).toEqual({ ...told, ...count(1) });
});

test("the same attributes with other values, or of another type, are a change", () => {
  const other = { ...told, enable_execute_command: false };
  expect(changed(told, other)).toEqual(told);
  expect(changed(forgotten, told, "aws_db_instance")).toEqual(forgotten);
});
