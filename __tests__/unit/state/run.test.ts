import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseState, type StateDocument, serializeState } from "../../../state/document";
import { forwardSteps, Run } from "../../../state/run";

let runs: string;

beforeEach(() => {
  runs = realpathSync(mkdtempSync(join(tmpdir(), "runs-")));
});

afterEach(() => rmSync(runs, { recursive: true, force: true }));

const place = (path: string) => ({ type: "local" as const, arguments: { path } });
const newRun = () =>
  Run.create(runs, { source: place("/a"), targets: { network: place("/n"), app: place("/a") }, varFiles: [] });
const state = parseState(
  JSON.stringify({ version: 4, terraform_version: "1.11.4", serial: 3, lineage: "l", outputs: {}, resources: [] }),
  "it",
);

const textOf = (document: StateDocument | undefined) => document && serializeState(document).toString();

test("what was recorded is there when the run is opened again, by id and by folder", () => {
  const run = newRun();
  run.update({ done: "split", pushing: { stack: "app", since: "2026-01-01T00:00:00Z" } });
  for (const given of [run.record.id, run.folder]) {
    const opened = Run.open(runs, given, "/");
    expect(opened.record).toEqual(run.record);
    expect(forwardSteps.filter((step) => opened.isDone(step))).toEqual(["pull", "split"]);
  }
});

test("a record that calls the step split by its earlier name is gone on with", () => {
  const run = newRun();
  run.update({ done: "part" as "split" });
  expect(forwardSteps.filter((step) => Run.open(runs, run.record.id, "/").isDone(step))).toEqual(["pull", "split"]);
});

test("states are kept byte for byte, for the user alone", () => {
  const run = newRun();
  run.keep("next/app", state);
  expect(textOf(run.kept("next/app"))).toBe(textOf(state));
  expect(run.kept("next/network")).toBeUndefined();
  const files = readdirSync(run.folder, { recursive: true, encoding: "utf8" }).map((name) => join(run.folder, name));
  expect(files.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
});

test("a backup that was changed after it was sealed is refused", () => {
  const run = newRun();
  run.keep("backup/source", state);
  run.sealBackups();
  expect(textOf(run.kept("backup/source"))).toBe(textOf(state));
  const file = run.file("backup/source");
  writeFileSync(file, readFileSync(file, "utf8").replace("3", "4"));
  expect(() => run.kept("backup/source")).toThrow(/is not what it was/);
});

test("one process works on a run at a time; a claim whose process has died is free", () => {
  const run = newRun();
  const claim = run.claim();
  expect(() => Run.open(runs, run.record.id, "/").claim()).toThrow(`Process ${process.pid} is working on the run`);
  claim.release();
  // More than any system counts to.
  writeFileSync(join(run.folder, "claim"), "99999999");
  run.claim().release();
});

test("nothing but what resume and rollback go by is left", () => {
  const run = newRun();
  run.keep("next/app", state);
  writeFileSync(join(run.folder, "seen-app.tfstate"), "{}");
  run.update({ status: "split" });
  run.tidy();
  expect(readdirSync(run.folder).sort()).toEqual(["back", "backup", "next", "run.json"]);
});

describe("is refused with a sentence", () => {
  test("a run that there is none of, with the nearest", () => {
    const { id } = newRun().record;
    const given = `${id.slice(0, -1)}x`;
    expect(() => Run.open(runs, given, "/")).toThrow(`did you mean ${id}?`);
  });

  test("a run where none was recorded", () => {
    expect(() => Run.open(join(runs, "none"), "x", "/")).toThrow(
      /no split has been recorded there, so nothing was written/,
    );
  });

  test.each([
    ["{", /is damaged/],
    ['{"format": 2}', /has the format 2/],
  ])("the record %s", (text, sentence) => {
    const run = newRun();
    writeFileSync(join(run.folder, "run.json"), text);
    expect(() => Run.open(runs, run.record.id, "/")).toThrow(sentence);
  });
});

test("a run that isn't there is told with the nearest, in one sentence", () => {
  expect(() => Run.open(runs, "x", "/")).toThrow(/no split has been recorded there, so nothing was written\.$/);
  const { record } = newRun();
  expect(() => Run.open(runs, `${record.id}x`, "/")).toThrow(new RegExp(`did you mean ${record.id}\\?$`));
});

test("whether a run may have written, and which others have the same places", () => {
  const [one, other] = [newRun(), newRun()];
  one.update({ done: "prove" });
  expect(one.hasWritten).toBe(false);
  one.update({ pushing: { stack: "network", since: "2026-01-01T00:00:00Z" } });
  expect(one.hasWritten).toBe(true);
  other.update({ done: "push network" });
  expect(other.hasWritten).toBe(true);
  const elsewhere = { network: place("/m"), app: place("/a") };
  Run.create(runs, { source: place("/a"), targets: elsewhere, varFiles: [] });
  expect(one.siblings().map(({ record }) => record.id)).toEqual([other.record.id]);
});
