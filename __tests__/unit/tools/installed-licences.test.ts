import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedPackages } from "../../../tools/installed-licences";
import { project } from "../../support/project";

const folder = mkdtempSync(join(tmpdir(), "licences-"));
const locked: Record<string, object> = { "": {} };

afterAll(() => rmSync(folder, { recursive: true }));

function install(path: string, manifest: object): void {
  locked[path] = {};
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, "package.json"), JSON.stringify({ version: "1.0.0", ...manifest }));
}

function verdicts(): string[] {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: locked }));
  return installedPackages(folder).map(({ name, licence, verdict }) => `${name}: ${licence}: ${verdict}`);
}

test("each package is judged by what its own package.json states", () => {
  install("node_modules/a", { name: "a", license: "MIT" });
  install("node_modules/b", { name: "b", license: "GPL-3.0-or-later" });
  install("node_modules/choice", { name: "choice", license: "(MIT OR GPL-3.0-only)" });
  install("node_modules/both", { name: "both", license: "MIT AND GPL-3.0-only" });
  install("node_modules/exception", { name: "exception", license: "Apache-2.0 WITH LLVM-exception" });
  install("node_modules/none", { name: "none" });
  install("node_modules/empty", { name: "empty", license: " " });
  install("node_modules/own", { name: "own", license: "SEE LICENSE IN LICENSE.md" });
  install("node_modules/closed", { name: "closed", license: "UNLICENSED" });
  install("node_modules/object", { name: "object", license: { type: "ISC" } });
  install("node_modules/old", { name: "old", licenses: [{ type: "MIT" }, { type: "GPL-2.0" }] });
  install("node_modules/a/node_modules/@scope/inner", { name: "@scope/inner", license: "AGPL-3.0" });
  install("node_modules/jsonify", { name: "jsonify", license: "Public Domain" });
  install("node_modules/other", { name: "other", license: "Public Domain" });
  expect(verdicts()).toEqual([
    "@scope/inner: AGPL-3.0: not allowed",
    "a: MIT: allowed",
    "b: GPL-3.0-or-later: not allowed",
    "both: MIT AND GPL-3.0-only: not allowed",
    "choice: (MIT OR GPL-3.0-only): allowed",
    "closed: UNLICENSED: unknown",
    "empty: null: unknown",
    "exception: Apache-2.0 WITH LLVM-exception: not allowed",
    "jsonify: Public Domain: allowed",
    "none: null: unknown",
    "object: ISC: allowed",
    "old: (MIT OR GPL-2.0): allowed",
    "other: Public Domain: unknown",
    "own: SEE LICENSE IN LICENSE.md: unknown",
  ]);
});

test("what is locked for another platform, and what leads into the project, isn't installed", () => {
  const before = verdicts();
  locked["node_modules/for-windows"] = {};
  install("node_modules/link", { name: "link" });
  locked["node_modules/link"] = { link: true };
  install("tools/link", { name: "link" });
  expect(verdicts()).toEqual(before);
});

test("a package that is there twice is told once, and another version of it again", () => {
  const before = verdicts().length;
  install("node_modules/b/node_modules/a", { name: "a", license: "MIT" });
  expect(verdicts()).toHaveLength(before);
  install("node_modules/b/node_modules/a", { name: "a", license: "MIT", version: "2.0.0" });
  expect(verdicts()).toHaveLength(before + 1);
});

test("every installed package of the project has a licence that is allowed", () => {
  const packages = installedPackages(project);
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.filter(({ verdict }) => verdict !== "allowed")).toEqual([]);
});
