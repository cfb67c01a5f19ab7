import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, finding } from "../../../../state/check/finding";
import { behindTransient, transientFindings } from "../../../../state/check/transient-findings";
import { ModuleSource } from "../../../../terraform/source/module";
import { planned, planOf } from "../../../support/plans";

const folder = mkdtempSync(join(tmpdir(), "transient-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = {
  "main.tf": `module "n" {
  source = "./n"
}
moved {
  from = aws_lb.older
  to   = aws_lb.old
}
import {
  for_each = { a = "1" }
  to       = aws_lb.imported[each.key]
  id       = each.value
}
`,
  "moves.tf.json": JSON.stringify({ removed: [{ from: "aws_lb.gone" }, { from: "module.n.aws_lb.out" }] }),
  "n/main.tf": "moved {\n  from = aws_lb.one\n  to   = aws_lb.two\n}\n",
};

const values = { id: "1" };
const same = { before: values, after: values, change: { actions: ["no-op"] } };
const old = planOf(
  planned("module.n.aws_lb.two", { ...same, rest: { previous_address: "module.n.aws_lb.one" } }),
  planned('aws_lb.imported["a"]', { ...same, change: { actions: ["no-op"], importing: { id: "1" } } }),
  planned("aws_lb.gone", { before: values, change: { actions: ["forget"] } }),
  planned('module.n["k"].aws_lb.out', { before: values, change: { actions: ["forget"] } }),
);

async function context(relocated = new Map<string, string>()) {
  mkdirSync(join(folder, "n"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { origins: new Map(), source: await ModuleSource.read(folder), relocated, secrets: [] };
}

test("each is told at the block that says so, in its module and in JSON, too", async () => {
  const found = transientFindings({ old }, await context());
  expect(found.map(({ address, oldModule }) => [address, oldModule])).toEqual([
    ["module.n.aws_lb.two", "n/main.tf:1 (moved)"],
    ['aws_lb.imported["a"]', "main.tf:8 (import)"],
    ["aws_lb.gone", "moves.tf.json:1 (removed)"],
    ['module.n["k"].aws_lb.out', "moves.tf.json:1 (removed)"],
  ]);
});

test("what else there is of these objects follows from it: to act on it, too, would be wrong", async () => {
  const given = await context(new Map([["aws_lb.here", "module.n.aws_lb.one"]]));
  const of = (kind: Finding["kind"], address: string) =>
    finding(given, { kind, address, consequence: "", where: "additions/app.ts", lines: ["x"] });
  const all = [
    of("undeclared", "aws_lb.gone"),
    of("missing", 'aws_lb.imported["a"]'),
    of("address", "aws_lb.here"),
    of("argument", "aws_lb.other"),
  ];
  expect(behindTransient(all, { old }, given).map(({ because, lines }) => [because, lines])).toEqual([
    ["aws_lb.gone", []],
    ['aws_lb.imported["a"]', []],
    ["module.n.aws_lb.two", []],
    [null, ["x"]],
  ]);
});
