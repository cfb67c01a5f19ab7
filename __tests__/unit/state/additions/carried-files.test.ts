import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { carriedFiles, isCopied } from "../../../../state/additions/carried-files";
import { type Item, itemOf } from "../../../../state/additions/item";
import { ModuleSource } from "../../../../terraform/source/module";

const folder = mkdtempSync(join(tmpdir(), "carried-"));
const hcl = join(folder, "old");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = {
  "old/lambda.zip": "",
  "old/policies/a.json": "{}",
  "old/site/index.html": "",
  "old/x.tf": "",
  "old/modules/queue/main.tf": 'module "n" { source = "../naming" }',
  "old/modules/naming/main.tf": "",
  "shared/topic/main.tf": 'module "p" { source = "../policy" }',
  "shared/policy/main.tf": "",
  "secret.txt": "",
};

const text = `
resource "aws_lambda_function" "f" {
  filename         = "lambda.zip"
  source_code_hash = filebase64sha256("\${path.module}/lambda.zip")
}
resource "aws_s3_object" "site" {
  for_each = fileset("\${path.module}/site", "**")
  source   = "\${path.module}/site/\${each.key}"
}
resource "aws_iam_policy" "p" {
  for_each = toset(["a"])
  policy   = templatefile("policies/\${each.key}.json", {})
}
resource "aws_ssm_parameter" "s" {
  value = file("\${path.root}/../secret.txt")
  name  = "site"
}
data "archive_file" "out" {
  source_dir  = "\${path.module}/site"
  output_path = "\${path.module}/made-by-the-plan.zip"
}
module "queue" { source = "./modules/queue" }
module "topic" { source = "../shared/topic" }
`;

async function carried() {
  for (const [name, content] of Object.entries({ ...files, "old/main.tf": text })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const source = await ModuleSource.read(hcl);
  const addresses = [
    ...["aws_lambda_function.f", "aws_s3_object.site", "aws_iam_policy.p", "aws_ssm_parameter.s"],
    ...["data.archive_file.out", "module.queue", "module.topic"],
  ];
  return carriedFiles(
    hcl,
    addresses.map((address) => itemOf(source, address) as Item),
  );
}

test("files and modules that are named are copied, with the modules that these call", async () => {
  const { copies, moduleSources, outside } = await carried();
  const targets = [...copies].map(([from, to]) => [from.slice(folder.length + 1), to]);
  expect(targets.sort()).toEqual([
    ["old/lambda.zip", "lambda.zip"],
    ["old/modules/naming", "modules/naming"],
    ["old/modules/queue", "modules/queue"],
    ["old/policies", "policies"],
    ["old/site", "site"],
    ["shared/policy", "modules/policy"],
    ["shared/topic", "modules/topic"],
  ]);
  expect(Object.fromEntries(moduleSources)).toEqual({
    "./modules/queue": "./modules/queue",
    "../shared/topic": "./modules/topic",
  });
  expect(outside).toEqual(["aws_ssm_parameter.s reads ../secret.txt, which lies outside of the module"]);
});

test.each([
  ["modules/queue/main.tf", true],
  ["modules/queue/.terraform", false],
  ["modules/queue/terraform.tfstate", false],
  ["modules/queue/terraform.tfstate.backup", false],
  ["modules/queue/secret.auto.tfvars", false],
  ["modules/queue/.terraform.lock.hcl", false],
])("of a folder, %s is copied: %s", (name, expected) => {
  expect(isCopied(hcl, join(hcl, "modules", "queue"), join(hcl, name))).toBe(expected);
});

test("of the module's own folder, neither its configuration nor its subfolders", async () => {
  await carried();
  expect(["main.tf", "site", "lambda.zip"].map((name) => isCopied(hcl, hcl, join(hcl, name)))).toEqual([
    false,
    false,
    true,
  ]);
});
