import { movedSince, type PlanBasis, planBasis } from "../../../terraform/plan-basis";

const aws = "registry.terraform.io/hashicorp/aws";
const version = JSON.stringify({ terraform_version: "1.11.4", provider_selections: { [aws]: "5.1.0" } });
const basis = planBasis(version, JSON.stringify({ version: 4, lineage: "a", serial: 3, resources: [] }));

test("it is read from what Terraform prints", () => {
  expect(basis).toEqual({
    tool: "Terraform 1.11.4",
    providers: { [aws]: "5.1.0" },
    state: { lineage: "a", serial: 3 },
  });
});

test.each(["", "\n", '{"version":4,"lineage":"","serial":0}'])("where there is no state it prints %j", (state) => {
  expect(planBasis(version, state).state).toBeNull();
});

test("nothing has moved where all is as it was", () => {
  expect(movedSince(basis, structuredClone(basis), "app")).toEqual([]);
  expect(movedSince({ ...basis, state: null }, { ...basis, state: null }, "app")).toEqual([]);
});

test.each<[Partial<PlanBasis>, string]>([
  [{ tool: "OpenTofu 1.11.4" }, "app was planned by Terraform 1.11.4, and this is OpenTofu 1.11.4"],
  [{ providers: { [aws]: "5.2.0" } }, `the provider ${aws} of app was 5.1.0, and is 5.2.0`],
  [{ providers: {} }, `the provider ${aws} of app was 5.1.0, and is absent`],
  [{ providers: { ...basis.providers, other: "1" } }, "the provider other of app was absent, and is 1"],
  [{ state: { lineage: "a", serial: 4 } }, "the state of app has moved from serial 3 to 4"],
  [{ state: { lineage: "a", serial: 2 } }, "the state of app has moved from serial 3 to 2"],
  [{ state: { lineage: "b", serial: 3 } }, "the state of app is another one, of the lineage b"],
  [{ state: null }, "the state of app is gone"],
])("%j has moved", (now, sentence) => {
  expect(movedSince(basis, { ...basis, ...now }, "app")).toEqual([sentence]);
});

test("a state that has come into being has moved, and everything is told at once", () => {
  expect(movedSince({ ...basis, tool: "T", state: null }, basis, "app")).toEqual([
    "app was planned by T, and this is Terraform 1.11.4",
    "app had no state, and has one now",
  ]);
});
