/** Mutants of real plans: whatever is wrong with a plan, it ends in a sentence, and what it destroys is never told as harmless. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explanation } from "../../../../operations/explain/explanation";
import { explanationMarkdown } from "../../../../operations/explain/markdown";
import { explanationText } from "../../../../operations/explain/text";
import { planDocument } from "../../../../terraform/plan-document";
import { isHolder, type Json, mutate } from "../../../support/mutants";
import { project } from "../../../support/project";
import { Random } from "../../../support/random";

const [seed, mutants] = [20_250_131, 1_000];

/** Of two real plans what the explanation goes by; what it reads for secrets alone would only take its time. */
const originals: Json[] = ["everything", "destroy"].map((name) => {
  const plan = JSON.parse(readFileSync(join(project, "__tests__/fixtures/plans", `${name}.json`), "utf8"));
  const { prior_state: _, planned_values: values, relevant_attributes: __, configuration, ...rest } = plan;
  const { resources: ___, ...root } = configuration.root_module;
  return { ...rest, planned_values: { outputs: values.outputs }, configuration: { root_module: root } };
});

const harmless = ["terraform_data", "aws_ecs_task_definition"];

/** What a mutant still destroys, from its text alone. */
function destroyedIn(plan: Json): string[] {
  const changes = isHolder(plan) && !Array.isArray(plan) ? plan.resource_changes : undefined;
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((entry) => {
    const { address, type, change } = (isHolder(entry) ? entry : {}) as Record<string, Json>;
    const { actions } = (isHolder(change) ? change : {}) as Record<string, Json>;
    const deletes = Array.isArray(actions) && actions.includes("delete");
    const holdsNothing = harmless.some((one) => type === one && String(address).startsWith(`${one}.`));
    return deletes && !holdsNothing ? [String(address)] : [];
  });
}

function outcome(bytes: Uint8Array): { exitCode: number; text: string } {
  try {
    const explained = explanation([{ name: "app", plan: planDocument(bytes, "app.json") }]);
    JSON.stringify(explained);
    explanationMarkdown(explained);
    return { exitCode: explained.exitCode, text: explanationText(explained) };
  } catch (error) {
    // What the command prints as its one sentence, and ends with 1.
    if ((error as Error).name !== "UserError") throw error;
    return { exitCode: 1, text: (error as Error).message };
  }
}

test(`${mutants} mutants`, () => {
  const random = new Random(seed);
  const wrong: string[] = [];
  const seen = new Map<number, number>();
  for (let number = 0; number < mutants; number++) {
    const plan = structuredClone(originals[number % 2] as Json);
    const did = Array.from({ length: 1 + random.below(3) }, () => mutate(plan, random)).join(", ");
    const destroyed = destroyedIn(plan);
    try {
      const { exitCode, text } = outcome(Buffer.from(JSON.stringify(plan)));
      seen.set(exitCode, (seen.get(exitCode) ?? 0) + 1);
      const calm = exitCode === 0 || exitCode === 2;
      if (destroyed.length > 0 && calm)
        wrong.push(`${number} (${did}): exit ${exitCode}, and ${destroyed[0]} is destroyed`);
      if (exitCode === 1 && text.includes("\n")) wrong.push(`${number} (${did}): more than a sentence`);
      if (text.includes("fixture-Passw0rd") && !/password|variables|sensitive/i.test(did))
        wrong.push(`${number} (${did}): a secret is told`);
      if (["\u001b", "\r", "\u202e"].some((character) => text.includes(character)))
        wrong.push(`${number} (${did}): an escape is printed`);
    } catch (error) {
      wrong.push(`${number} (${did}): ${(error as Error).stack?.split("\n").slice(0, 3).join(" ")}`);
    }
  }
  expect(wrong).toEqual([]);
  // They are neither all refused nor all untouched.
  expect(seen.get(3)).toBeGreaterThan(400);
  expect(seen.get(1)).toBeGreaterThan(20);
}, 120_000);

test.each([
  [
    "nested beyond reason",
    `{"format_version":"1.2","planned_values":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    "nested",
  ],
  [
    "of a plan, nested",
    JSON.stringify({ format_version: "1.2", planned_values: {}, x: 1 }).replace(
      "1}",
      `${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
    ),
    "nested",
  ],
])("a document %s ends in a sentence", (_what, document, words) => {
  const { exitCode, text } = outcome(Buffer.from(document));
  expect([exitCode, text]).toEqual([1, expect.stringContaining(words)]);
});

test("a value that is JSON, nested beyond reason, is a text", () => {
  const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
  const change = {
    actions: ["update"],
    before: { a: deep },
    after: { a: `${deep} ` },
    after_unknown: {},
    after_sensitive: { a: true },
  };
  const plan = {
    format_version: "1.2",
    resource_changes: [{ address: "aws_lb.a", mode: "managed", type: "aws_lb", change }],
  };
  expect(outcome(Buffer.from(JSON.stringify(plan))).exitCode).toBe(2);
});
