import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../../lib/write-whole";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-whole-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the file is whole, for the user alone, and nothing else is left", () => {
  const file = join(folder, "it");
  writeFileSync(file, "earlier", { mode: 0o644 });
  writeWhole(file, "é".repeat(100_000));
  expect(readFileSync(file, "utf8")).toBe("é".repeat(100_000));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["it"]);
});

test("what was there stays where it can't be written", () => {
  const file = join(folder, "it");
  writeFileSync(file, "earlier");
  mkdirSync(`${file}.${process.pid}.tmp`);
  expect(() => writeWhole(file, "later")).toThrow(/EISDIR/);
  expect(readFileSync(file, "utf8")).toBe("earlier");
});

test("a place that can't be taken leaves nothing unfinished", () => {
  const file = join(folder, "it");
  mkdirSync(join(file, "inside"), { recursive: true });
  expect(() => writeWhole(file, "text")).toThrow(/EISDIR|ENOTEMPTY/);
  expect(readdirSync(folder)).toEqual(["it"]);
});

test("a file for everybody has the mode that the umask leaves", () => {
  const file = join(folder, "it");
  const umask = process.umask(0o027);
  writeWhole(file, "text", { mode: 0o666 });
  process.umask(umask);
  expect(statSync(file).mode & 0o777).toBe(0o640);
});
