import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { automaticVariableFiles, linkVariableFiles } from "../../../terraform/variable-files";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "variable-files-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the files that Terraform loads by itself, in its order", () => {
  const others = [
    "other.tfvars",
    "terraform.tfvars.example",
    "x.auto.tfvars~",
    "x.auto.tfvars.bak",
    "my.terraform.tfvars",
  ];
  const loaded = ["terraform.tfvars", "terraform.tfvars.json", "B.auto.tfvars", "a.auto.tfvars.json", "é.auto.tfvars"];
  for (const name of [...others, ...loaded]) writeFileSync(join(folder, name), "");
  expect(automaticVariableFiles(folder)).toEqual(loaded);
});

test("in another folder they lie under the same names, links to nothing too", () => {
  const to = join(folder, "to");
  mkdirSync(to);
  writeFileSync(join(folder, "terraform.tfvars"), "");
  symlinkSync("nowhere", join(folder, ".#a.auto.tfvars"));
  linkVariableFiles(folder, to);
  expect(readlinkSync(join(to, "terraform.tfvars"))).toBe(join(folder, "terraform.tfvars"));
  expect(lstatSync(join(to, ".#a.auto.tfvars")).isSymbolicLink()).toBe(true);
});
