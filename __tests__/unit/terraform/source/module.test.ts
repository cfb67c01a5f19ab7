/** The reading of Terraform's source, against HashiCorp's own parser and as Terraform merges files. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { parseAddress } from "../../../../terraform/address";
import type { SourceBlock } from "../../../../terraform/source/block";
import { configurationFiles, ModuleSource } from "../../../../terraform/source/module";
import { readNative } from "../../../../terraform/source/native";

const folder = mkdtempSync(join(tmpdir(), "module-source-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): Promise<ModuleSource> {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return ModuleSource.read(folder);
}

test("a folder is no file, and what can't be read says nothing", async () => {
  await write({ "main.tf": 'resource "aws_lb" "a" {}\n', "folder.tf/inner.txt": "", "folder.tf.json/inner.txt": "" });
  symlinkSync("nowhere", join(folder, "link.tf"));
  expect(configurationFiles(folder)).toEqual(["link.tf", "main.tf"]);
  expect((await ModuleSource.read(folder)).resource(address("aws_lb.a"))).toMatchObject({ file: "main.tf" });
});

function address(text: string) {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return parsed;
}

/** Names of everything in blocks, as HashiCorp's parser nests them. */
function outline(blocks: readonly SourceBlock[]): unknown {
  const tree: Record<string, unknown[]> = {};
  for (const { type, labels, attributes, blocks: inner } of blocks) {
    const body = [...attributes.keys()].map((name) => `${name}=`).concat(JSON.stringify(outline(inner)));
    const key = [type, ...labels].join("/");
    tree[key] = [...(tree[key] ?? []), body.sort()];
  }
  return Object.fromEntries(Object.entries(tree).sort());
}

/** The same of what the parser gives: blocks are lists of objects below their labels. */
function oracleOutline(tree: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, number>>): unknown {
  const found: Record<string, unknown[]> = {};
  const walk = (value: unknown, path: readonly string[], left: number) => {
    if (left > 0) {
      for (const [label, inner] of Object.entries(value as object)) walk(inner, [...path, label], left - 1);
      return;
    }
    found[path.join("/")] = (value as Record<string, unknown>[]).map((body) => {
      const blocks = Object.fromEntries(Object.entries(body).filter(([name, inner]) => isBlock(name, inner)));
      const names = Object.keys(body).filter((name) => !(name in blocks));
      return names
        .map((name) => `${name}=`)
        .concat(JSON.stringify(oracleOutline(blocks, { dynamic: 1, provisioner: 1 })))
        .sort();
    });
  };
  for (const [type, value] of Object.entries(tree)) walk(value, [type], labels[type] ?? 0);
  return Object.fromEntries(Object.entries(found).sort());
}

const blockNames = ["lifecycle", "dynamic", "content", "block", "provisioner", "inner", "default_tags"];
const isBlock = (name: string, value: unknown) =>
  blockNames.includes(name) && typeof value === "object" && value !== null;

const hard: Readonly<Record<string, string>> = {
  comments:
    '# resource "a" "b" {}\n// moved {\n/* resource "c" "d" {\n} */\nresource "aws_lb" "x" { # }\n  name = "y" // }\n}\n',
  "one-line blocks":
    'resource "aws_lb" "x" { name = "}" }\nlocals { a = { b = "c" } }\nmoved {\n from = a.b\n to = a.c\n}\n',
  heredocs:
    'resource "aws_lb" "x" {\n  a = <<-EOT\n    resource "aws_lb" "fake" {\n      name = "${var.x == "}" ? "{" : "}"}"\n    }\n    EOT\n  b = <<X\nX Y\nmoved {\nX\n  c = [<<E\n}\nE\n  , "d"]\n}\nresource "aws_lb" "z" {}\n',
  templates:
    'resource "aws_lb" "x" {\n  a = "%{ if var.a }${"in ${"in"} }"}%{ else }{%{ endif }"\n  b = "$${not} %%{not} \\" \\\\"\n  c = "${jsonencode({ "a" : ["}", "{"] })}"\n}\n',
  expressions:
    'locals {\n  a = { for k, v in var.m : k => v... if k != "}" }\n  b = var.a ? [for x in var.l : x.y[*].z] : []\n  c = -var.n + 3 * (4 - 2) % 5\n  d = fn(\n    "a",\n    var.list...\n  )\n  e = var.a["}"].b[0].*.c\n  f = { (var.k) = 1, "x:y" = 2, z : 3\n    w = 4 }\n  g = provider::aws::arn_parse("x")\n}\n',
  "unquoted labels": "resource aws_lb x {\n  name = 1\n}\nprovider aws {}\n",
  "unicode and dashes": 'resource "aws_lb" "Größe-ü_1" {\n  größe = "ß"\n  a-b = 1\n}\n',
  "nested and dynamic blocks":
    'resource "aws_lb" "x" {\n  block {\n    inner {\n      a = 1\n    }\n    inner {\n    }\n  }\n  dynamic "rule" {\n    for_each = []\n    iterator = it\n    content {\n      b = it.value\n    }\n  }\n  lifecycle {\n    ignore_changes = [tags["a.b"], block[0].inner]\n  }\n  provisioner "local-exec" {\n    command = "x"\n  }\n}\n',
  "Windows' line ends":
    'resource "aws_lb" "x" {\r\n  a = <<E\r\n}\r\nE\r\n  b = 1\r\n}\r\nmoved {\r\n  from = a.b\r\n  to = a.c\r\n}\r\n',
  "a byte order mark": '\uFEFFresource "aws_lb" "x" {}\n',
  nothing: "\n# only this",
  "no line end": 'variable "x" {}',
};

test.each(Object.entries(hard))(
  "%s: the same blocks and arguments as HashiCorp's parser finds",
  async (_what, text) => {
    const labels = { resource: 2, data: 2, provider: 1, variable: 1, dynamic: 1, provisioner: 1 };
    const oracle = (await parse("x.tf", text.replace(/^\uFEFF/, ""))) as Record<string, unknown>;
    expect(outline(await readNative(text, "x.tf"))).toEqual(oracleOutline(oracle, labels));
  },
);

test("blocks and arguments with their lines, whatever stands before them", async () => {
  const source = await write({
    "main.tf": [
      hard.comments,
      hard.heredocs,
      'resource "aws_sqs_queue" "jobs" {',
      "  tags = {",
      '    "lang:c++" = 1',
      '    "a.b"      = "x"',
      "  }",
      "  redrive {",
      "    max = 3",
      "  }",
      "}",
    ].join("\n"),
  });
  const jobs = address("aws_sqs_queue.jobs");
  const lines = hard.comments?.split("\n").length ?? 0;
  const start = lines + (hard.heredocs?.split("\n").length ?? 0) + 1;
  expect(source.resource(jobs)).toMatchObject({ file: "main.tf", line: start });
  expect(source.argument(jobs, ["tags", "lang:c++"])).toMatchObject({ line: start + 2, value: { constant: 1 } });
  expect(source.argument(jobs, ["tags", "a.b"])).toMatchObject({ line: start + 3, value: { constant: "x" } });
  expect(source.argument(jobs, ["redrive", "0", "max"])).toMatchObject({ line: start + 6, value: { constant: 3 } });
  expect(source.argument(jobs, ["redrive", "0", "min"])).toEqual({ file: "main.tf", line: start + 5 });
  expect(source.argument(jobs, ["name"])).toBeUndefined();
  expect(source.resource(address("aws_lb.fake"))).toBeUndefined();
});

test("files count as Terraform counts them, and override files override", async () => {
  const source = await write({
    "a_override.tf": 'resource "aws_sqs_queue" "jobs" {\n  delay_seconds = 2\n}\n',
    "b.tf": 'resource "aws_sqs_queue" "jobs" {\n  delay_seconds = 1\n  name = "jobs"\n}\n',
    "override.tf.json": '{"resource": {"aws_sqs_queue": {"jobs": {\n"delay_seconds": 3}}}}',
    ".hidden.tf": 'resource "aws_lb" "hidden" {}',
    "backup.tf~": 'resource "aws_lb" "backup" {}',
    "#draft.tf#": 'resource "aws_lb" "draft" {}',
    "x.tfvars": "a = 1",
  });
  expect(configurationFiles(folder)).toEqual(["b.tf", "a_override.tf", "override.tf.json"]);
  const jobs = address("aws_sqs_queue.jobs");
  expect(source.argument(jobs, ["delay_seconds"])).toMatchObject({
    file: "override.tf.json",
    line: 2,
    value: { constant: 3 },
  });
  expect(source.argument(jobs, ["name"])).toMatchObject({ file: "b.tf", line: 3 });
  expect(source.resource(jobs)).toMatchObject({ file: "b.tf", line: 1 });
  expect(source.resource(address("aws_lb.hidden"))).toBeUndefined();
});

test("the JSON syntax in all its forms", async () => {
  const source = await write({
    "main.tf.json": `{
  "//": "a comment",
  "resource": [
    {"aws_sqs_queue": {"jobs": {"//": "x",
      "tags": {"lang:c++": "\${var.x}"},
      "lifecycle": {"ignore_changes": ["tags[\\"a.b\\"]", "name"]}
    }}},
    {"aws_sqs_queue": [{"more": [{"name": "more"}]}]}
  ],
  "provider": {"aws": [{"alias": "east",
    "region": "us-east-1"}, {}]},
  "moved": [{"from": "a.b", "to": "a.c"}]
}`,
  });
  const jobs = address("aws_sqs_queue.jobs");
  expect(source.resource(jobs)).toMatchObject({ line: 4 });
  expect(source.argument(jobs, ["tags", "lang:c++"])).toMatchObject({ line: 5, value: { text: "${var.x}" } });
  expect(source.ignoredChanges(jobs)?.paths).toEqual([["tags", "a.b"], ["name"]]);
  expect(source.argument(address("aws_sqs_queue.more"), ["name"])).toMatchObject({
    line: 8,
    value: { constant: "more" },
  });
  expect(source.provider("aws", "east")[0]?.attributes.get("region")).toMatchObject({
    line: 11,
    constant: "us-east-1",
  });
  expect(source.provider("aws")).toHaveLength(1);
  expect(source.find("moved")).toMatchObject([{ line: 12 }]);
});

test("ignore_changes in every form", async () => {
  const source = await write({
    "main.tf": `
resource "a" "list" {
  lifecycle {
    ignore_changes = [name, tags["a.b[0]"], block[0].inner, "old",]
  }
}
resource "a" "all" {
  lifecycle { ignore_changes = all }
}
resource "a" "star" {
  lifecycle { ignore_changes = ["*"] }
}
resource "a" "none" {
  lifecycle { prevent_destroy = true }
}
`,
  });
  const paths = (name: string) => source.ignoredChanges(address(`a.${name}`))?.paths;
  expect(paths("list")).toEqual([["name"], ["tags", "a.b[0]"], ["block", "0", "inner"], ["old"]]);
  expect([paths("all"), paths("star"), paths("none")]).toEqual([[["all"]], [["*"]], undefined]);
});

test("modules: local ones, one in the other, and those that init has fetched", async () => {
  const source = await write({
    "main.tf":
      'module "web" {\n  source = "./modules/web"\n}\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\nmodule "gone" {\n  source = "./gone"\n}\n',
    "modules/web/main.tf": 'module "queue" {\n  source = "../queue"\n}\n',
    "modules/queue/q.tf": '\nresource "aws_sqs_queue" "this" {\n  name = "q"\n}\n',
    ".terraform/modules/vpc/main.tf": 'resource "aws_vpc" "this" {}\n',
    ".terraform/modules/modules.json":
      '{"Modules":[{"Key":"","Dir":"."},{"Key":"vpc","Dir":".terraform/modules/vpc"}]}',
  });
  const queue = address('module.web["x.y[0]"].module.queue[0].aws_sqs_queue.this["a"]');
  expect(source.resource(queue)).toMatchObject({ file: "modules/queue/q.tf", line: 2 });
  expect(source.resource(address("module.vpc.aws_vpc.this"))).toMatchObject({ file: ".terraform/modules/vpc/main.tf" });
  expect(source.resource(address("module.gone.aws_vpc.this"))).toBeUndefined();
});
