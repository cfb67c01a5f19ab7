import { planDocument } from "../../../explain/document";
import { planJson, planned, planOf } from "../../support/plans";

const read = (text: string | Uint8Array) => planDocument(Buffer.from(text as string), "app.json");

describe("planDocument", () => {
  test("reads a plan, whatever it holds besides", () => {
    const plan = planOf(planned("aws_lb.a", { after: { name: "a" } }));
    expect(read(planJson({ ...plan, later: 1 } as never))).toMatchObject(plan);
    expect(read('{"format_version":"1.9","planned_values":{}}')).toEqual({ planned_values: {} });
  });

  test("reads what Windows PowerShell's > writes", () => {
    const text = planJson(planOf());
    expect(read(Buffer.from(`\uFEFF${text}`, "utf16le"))).toMatchObject({ resource_changes: [] });
    expect(read(`\uFEFF${text}`)).toMatchObject({ resource_changes: [] });
  });

  test.each([
    ["nothing", " \n", "app.json is empty: give what"],
    ["a saved plan", "PK\u0003\u0004", "app.json is a saved plan in Terraform's own format"],
    ["no JSON", '{"secret": ', "app.json is not JSON (11 bytes)"],
    ["a list", "[]", "app.json is JSON, but not a plan:"],
    ["null", "null", "app.json is JSON, but not a plan:"],
    ["a state", '{"format_version":"1.0","values":{}}', "app.json is JSON, but not a plan (a state, it seems)"],
    ["a state file", '{"version":4,"terraform_version":"1.11.4"}', "not a plan (a state, it seems)"],
    ["format 0.2", '{"format_version":"0.2","resource_changes":[]}', 'has the format version "0.2"'],
    ["format 2.0", '{"format_version":"2.0","resource_changes":[]}', "plans of 1.x are understood"],
    ["no version", '{"format_version":7,"resource_changes":[]}', "has the format version 7"],
    [
      "a change without actions",
      planJson({ resource_changes: [{ address: "a.b", mode: "managed", type: "a", change: {} } as never] }),
      "app.json is not a whole plan: resource_changes.0.change.actions is not",
    ],
    [
      "an unknown action",
      planJson(planOf(planned("a.b", { after: {}, change: { actions: ["explode"] as never } }))),
      "resource_changes.0.change.actions.0 is not",
    ],
    ["a failed plan", planJson({ errored: true }), "a plan that failed half-way"],
  ])("refuses %s in one sentence", (_what, text, sentence) => {
    expect(() => read(text)).toThrow(sentence);
    try {
      read(text);
    } catch (error) {
      expect(error).toMatchObject({ name: "UserError", message: expect.not.stringContaining("\n") });
      expect(String(error)).not.toContain("secret");
    }
  });
});
