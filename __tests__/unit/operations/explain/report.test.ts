import { explanation } from "../../../../operations/explain/explanation";
import { explanationMarkdown } from "../../../../operations/explain/markdown";
import { explanationText } from "../../../../operations/explain/text";
import type { Plan } from "../../../../terraform/plan";
import { planned, planOf, replaced } from "../../../support/plans";

const explain = (...plans: Plan[]) => explanation(plans.map((plan, index) => ({ name: `p${index}`, plan })));
const destroyed = planned("aws_db_instance.a", { before: { skip_final_snapshot: true } });

describe("explanationText", () => {
  test("what is lost stands first, loudly", () => {
    const lines = explanationText(explain(planOf(planned("aws_lb.new", { after: {} }), destroyed))).split("\n");
    expect(lines[0]).toBe("p0: 1 DESTROYED OR REPLACED, 1 of them HOLDING DATA, 1 created.");
    expect(lines.slice(2, 4)).toEqual(["DESTROYED OR REPLACED", "!! aws_db_instance.a  DESTROYED"]);
    expect(lines).toContain("     downtime: until it is brought back");
  });

  test("says which plan, where there are several", () => {
    const text = explanationText(explain(planOf(), planOf(destroyed)));
    expect(text).toContain("p0 and p1: 1 DESTROYED");
    expect(text).toContain("!! aws_db_instance.a  DESTROYED  [p1]");
  });

  test("nothing is one line", () => {
    expect(explanationText(explain({}))).toBe("p0: nothing changes.");
  });

  test("many attributes are counted", () => {
    const values = (value: number) => Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`a${at}`, value]));
    const change = { ...replaced, replace_paths: [["a19"]] };
    const lines = explanationText(
      explain(planOf(planned("a.b", { before: values(1), after: values(2), change }))),
    ).split("\n");
    expect(lines[4]).toBe("     a19: 1 → 2  (forces the replacement)");
    expect(lines).toContain("     and 12 more");
  });

  test("a revision that no service takes up is told with its containers", () => {
    const image = (tag: string) => ({
      family: "w",
      container_definitions: JSON.stringify([{ name: "w", image: `w:${tag}` }]),
    });
    const revision = planned("aws_ecs_task_definition.w", { before: image("1"), after: image("2"), change: replaced });
    const text = explanationText(explain(planOf(revision)));
    expect(text).toContain("container w: image w:1 → w:2");
    expect(text).toContain("no service of this plan takes it up");
    expect(text).toContain("p0: 1 new task-definition revision.");
  });
});

describe("explanationMarkdown", () => {
  test("what is lost stands open, the rest is folded", () => {
    const text = explanationMarkdown(explain(planOf(planned("aws_lb.new", { after: {} }), destroyed)));
    expect(text).toMatch(/^:rotating_light: \*\*p0: 1 DESTROYED/);
    expect(text.indexOf("aws_db_instance")).toBeLessThan(text.indexOf("<details>"));
    expect(text).toContain("<details><summary>Created (1)</summary>\n\n- **`aws_lb.new`** `created`\n\n</details>");
  });

  test("what a plan holds is code, never Markdown, HTML or a mention", () => {
    const after = { description: "`x` @octocat </details>", "a\n\n# Approved": "b", text: "a\n\n# Approved" };
    const text = explanationMarkdown(explain(planOf(planned("aws_lb.a", { before: { description: "a" }, after }))));
    const line = text.split("\n").find((one) => one.includes("octocat"));
    expect(line).toMatch(/^ {2}- `` .* ``$|^ {2}- ``[^`].*[^`]``$/);
    expect(text).not.toMatch(/^#+ Approved/m);
  });

  test("what is too long for a comment is cut between lines, with all folds closed", () => {
    const many = Array.from({ length: 3000 }, (_, at) => planned(`aws_lb.a${at}`, { after: {} }));
    const text = explanationMarkdown(explain(planOf(destroyed, ...many)));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("aws_db_instance.a");
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text).toContain("The rest is too long");
  });
});
