/** Mutants of a settings file: each is taken, or refused in sentences that name where and what. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingLeaves } from "../../../settings/leaves";
import { loadSettings } from "../../../settings/load";
import { type Json, mutate } from "../../support/mutants";
import { Random } from "../../support/random";

const [seed, mutants] = [20_251_201, 1_000];

const directory = mkdtempSync(join(tmpdir(), "settings-fuzz-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Of every kind that settings have. */
const original: Json = {
  awsProviderVersion: "~> 5.99",
  variableFiles: ["team.tfvars"],
  preventDestroyExcept: ["repositories"],
  defaultTags: { team: "web" },
  authz: false,
  envoy: { denialStatus: 403 },
  hardening: { level: 2, accessLogsBucket: "logs", tasksReach: "nat", steps: { webFirewall: false } },
  backend: { type: "s3", bucket: "states", keys: { app: "app.tfstate" }, useLockfile: true },
  database: { instanceClass: "db.t4g.small", engineVersion: "14" },
  autoscaling: { "backend-flask": { min: 1, max: 4, cpuPercent: 60 } },
  alarms: { enabled: true, emails: ["team@example.com"] },
  sqlFiles: { schema: ["schema.sql"] },
  images: { enabled: true, deploy: "hash" },
  subnetFilters: { "availability-zone": ["eu-west-1a"] },
};

function outcome(text: string): string {
  writeFileSync(join(directory, "settings.json"), text);
  try {
    loadSettings({ directory, environment: {} });
    return "";
  } catch (error) {
    if ((error as Error).name !== "UserError") throw error;
    return (error as Error).message;
  }
}

test(`${mutants} mutants`, () => {
  const random = new Random(seed);
  const wrong: string[] = [];
  let refused = 0;
  for (let number = 0; number < mutants; number++) {
    const settings = structuredClone(original);
    const did = Array.from({ length: 1 + random.below(3) }, () => mutate(settings, random)).join(", ");
    try {
      const sentences = outcome(JSON.stringify(settings));
      if (sentences === "") continue;
      refused += 1;
      if (!sentences.includes("settings.json")) wrong.push(`${number} (${did}): the file isn't named: ${sentences}`);
      if (["\u001b", "\r", "\u202e"].some((character) => sentences.includes(character)))
        wrong.push(`${number} (${did}): an escape is printed`);
    } catch (error) {
      wrong.push(`${number} (${did}): ${(error as Error).stack?.split("\n").slice(0, 3).join(" ")}`);
    }
  }
  expect(wrong).toEqual([]);
  // They are neither all refused nor all taken.
  expect(refused).toBeGreaterThan(mutants / 2);
  expect(refused).toBeLessThan(mutants);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("a byte changed anywhere: taken, or refused in a sentence", () => {
  const random = new Random(seed);
  const bytes = Buffer.from(JSON.stringify(original));
  for (let number = 0; number < 500; number++) {
    const changed = Buffer.from(bytes);
    changed[random.below(changed.length)] = random.below(256);
    expect(outcome(changed.toString("latin1"))).not.toMatch(/^ +at /m);
  }
});

test("the original is taken, and has settings of every group but those of one value", () => {
  expect(outcome(JSON.stringify(original))).toBe("");
  const groups = new Set(settingLeaves.flatMap(({ path }) => (path.includes(".") ? [path.split(".")[0]] : [])));
  const missing = [...groups].filter((group) => !((group as string) in (original as object)));
  expect(missing.sort()).toEqual(["honeycomb", "lambdaFunctions", "logs"]);
});
