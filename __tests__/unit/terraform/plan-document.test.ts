import { planDocument } from "../../../terraform/plan-document";
import { planJson, planned, planOf } from "../../support/plans";

const read = (text: string | Uint8Array) => planDocument(Buffer.from(text as string), "app.json");

describe("planDocument", () => {
  test("reads a plan, whatever it holds besides", () => {
    const plan = planOf(planned("aws_lb.a", { after: { name: "a" } }));
    expect(read(planJson({ ...plan, later: 1 } as never))).toMatchObject(plan);
    expect(read('{"format_version":"1.9","planned_values":{}}')).toEqual({ planned_values: {} });
  });

  test("reads words that a later release adds", () => {
    const plan = planOf(planned("a.b", { after: {}, change: { actions: ["renew"] }, rest: { mode: "ephemeral" } }));
    expect(read(planJson(plan))).toMatchObject(plan);
  });

  test("reads null where a section or a variable has nothing", () => {
    const plan = { variables: { x: null }, output_changes: null, configuration: { root_module: null } };
    expect(read(planJson(plan))).toMatchObject(plan);
  });

  test("reads a plan that failed half-way, too", () => {
    expect(read(planJson({ errored: true }))).toMatchObject({ errored: true });
  });

  test("tells the sections that it doesn't know", () => {
    expect(read(planJson({ later: [1], timestamp: "" } as never)).undescribed).toEqual({ later: [1] });
  });

  test("reads a plan among other lines, as a wrapper prints it", () => {
    const text = planJson(planOf());
    for (const wrapped of [
      `[command]/opt/terraform-bin show -json plan.tfplan\n${text}\n\n::debug::Terraform exited with code 0.\n`,
      `Warning: Deprecated\n${text}\n`,
      `${text}\ntime=2025 level=warning\n`,
    ]) {
      expect(read(wrapped)).toMatchObject({ resource_changes: [] });
    }
    // Which of two would be meant can't be told.
    expect(() => read(`${text}\n${text}\n`)).toThrow("not JSON");
    expect(read(JSON.stringify(JSON.parse(text), null, 2))).toMatchObject({ resource_changes: [] });
  });

  test("reads a plan that has failed before there was anything in it", () => {
    const failed = { format_version: "1.2", applyable: false, complete: false, errored: true };
    expect(read(JSON.stringify(failed))).toMatchObject({ errored: true });
  });

  test("passes over what HCP Terraform adds", () => {
    const plan = planJson({ provider_schemas: { x: {} }, provider_format_version: "1.0" } as never);
    expect(read(plan).undescribed).toBeUndefined();
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
    ["a log", '{"@level":"info"}\n{"@level":"info"}\n', "not JSON, but the log that `terraform plan -json` prints"],
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
      "what is nested too deep",
      `{"format_version":"1.2","x":${"[".repeat(300)}${"]".repeat(300)}}`,
      "app.json is nested 301 deep",
    ],
    ["a strange version", '{"format_version":"\u202e","planned_values":{}}', 'format version "\\u202e"'],
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
