import { differencesFrom } from "../../../../operations/deploy/comparison";
import { planned, planOf, replaced } from "../../../support/plans";

const address = "aws_ecs_service.orders";
const created = (after: Record<string, unknown>, unknown: object = {}) =>
  planned(address, { after, change: { after_unknown: unknown } });
const updated = (after: Record<string, unknown>, unknown: object = {}) =>
  planned(address, { before: { count: 1, arn: "old" }, after, change: { after_unknown: unknown } });

test.each([
  ["nothing, twice", planOf(), planOf()],
  ["the same", planOf(created({ name: "a" })), planOf(created({ name: "a" }))],
  [
    "a value that turned out",
    planOf(created({ l: [{}] }, { l: [{ arn: true }] })),
    planOf(created({ l: [{ arn: "x" }] })),
  ],
  ["a change that came to nothing", planOf(updated({ count: 1 }, { arn: true })), planOf()],
  [
    "reading alone",
    planOf(),
    planOf(planned("data.aws_x.y", { after: {}, change: { actions: ["read"] }, rest: { mode: "data" } })),
  ],
])("%s is no difference", (_, shown, now) => {
  expect(differencesFrom(shown, now)).toEqual([]);
});

test.each([
  ["something more", planOf(), planOf(created({ name: "a" }))],
  ["something less", planOf(created({ name: "a" })), planOf()],
  ["another value", planOf(created({ name: "a" })), planOf(created({ name: "b" }))],
  ["a value that was known", planOf(created({ name: "a" })), planOf(created({}, { name: true }))],
  [
    "another value beside an unknown one",
    planOf(updated({ count: 2 }, { arn: true })),
    planOf(updated({ count: 3, arn: "x" })),
  ],
  [
    "a replacement in place of a change",
    planOf(updated({ count: 2 })),
    planOf(planned(address, { before: { count: 1, arn: "old" }, after: { count: 2 }, change: replaced })),
  ],
  ["one more argument", planOf(created({ name: "a" })), planOf(created({ name: "a", role: "r" }))],
  [
    "another object in its place",
    planOf(created({ name: "a" })),
    planOf({ ...created({ name: "a" }), previous_address: "aws_ecs_service.old" }),
  ],
])("%s is a difference", (_, shown, now) => {
  expect(differencesFrom(shown, now)).toEqual([address]);
});
