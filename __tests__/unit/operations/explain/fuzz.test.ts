/** Mutants of real plans: whatever is wrong with a plan, it ends in a sentence, and what it destroys is never told as harmless. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explanation } from "../../../../operations/explain/explanation";
import { explanationMarkdown } from "../../../../operations/explain/markdown";
import { explanationText } from "../../../../operations/explain/text";
import { planDocument } from "../../../../terraform/plan-document";
import { project } from "../../../support/project";
import { Random } from "../../../support/random";

const [seed, mutants] = [20_250_131, 1_000];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Holder = Json[] | { [key: string]: Json };

/** Of two real plans what the explanation goes by; what it reads for secrets alone would only take its time. */
const originals: Json[] = ["everything", "destroy"].map((name) => {
  const plan = JSON.parse(readFileSync(join(project, "__tests__/fixtures/plans", `${name}.json`), "utf8"));
  const { prior_state: _, planned_values: values, relevant_attributes: __, configuration, ...rest } = plan;
  const { resources: ___, ...root } = configuration.root_module;
  return { ...rest, planned_values: { outputs: values.outputs }, configuration: { root_module: root } };
});

const strange: Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  "",
  "constructor",
  "__proto__",
  "toString",
  "\u001b[2K\n",
  "\u202e",
  "delete",
  "no-op",
  "create",
  "forget",
  "teleport",
  "ephemeral",
  "data",
  [],
  {},
  [[]],
  [null],
  { a: null },
  ["delete"],
  [["delete"]],
];

function isHolder(value: Json | undefined): value is Holder {
  return typeof value === "object" && value !== null;
}

/** A place somewhere in the plan, more often near the top, where more depends on it. */
function placeIn(plan: Json, random: Random): [Holder, string] {
  let holder = plan as Holder;
  for (;;) {
    const key = random.one(Object.keys(holder));
    const inner = holder[key as never] as Json;
    if (!isHolder(inner) || Object.keys(inner).length === 0 || random.below(7) === 0) return [holder, key];
    holder = inner;
  }
}

function mutate(plan: Json, random: Random): string {
  const [holder, key] = placeIn(plan, random);
  const record = holder as Record<string, Json>;
  const kinds: Record<string, () => void> = {
    remove: () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete record[key]),
    replace: () => Object.assign(record, { [key]: random.one(strange) }),
    rename: () => {
      if (Array.isArray(holder)) return;
      const value = record[key] as Json;
      delete record[key];
      Object.assign(record, { [`${key}${random.one(["2", "\n", "_", "é"])}`]: value });
    },
    add: () =>
      Object.assign(record, {
        [String(random.one(["deposed", "change", "later", "0", "importing"]))]: random.one(strange),
      }),
    wrap: () =>
      Object.assign(record, { [key]: random.one<Json>([[record[key] as Json], { value: record[key] as Json }]) }),
    twice: () => Array.isArray(holder) && holder.push(structuredClone(holder[Number(key)] as Json)),
    nest: () =>
      Object.assign(record, {
        [key]: Array.from({ length: 50 }).reduce<Json>((inner) => [inner], record[key] as Json),
      }),
    escape: () => typeof record[key] === "string" && Object.assign(record, { [key]: `${record[key]}\u001b[1A\r\n` }),
  };
  const kind = random.one(Object.keys(kinds));
  kinds[kind]?.();
  return `${kind} ${key}`;
}

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
