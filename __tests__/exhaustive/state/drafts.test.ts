/**
 * `bin/state/check --write-additions` over a module that has drifted in many ways: what it drafts is declared with the types of
 * the bindings, and a check afterwards finds that nothing differs. Real applies and plans.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { project } from "../../support/project";
import { adoptingStacks, labForTests, oldModule } from "../../support/state/lab";

const minute = 60_000;

/** What teams add, each kind by its name. */
const kinds: Readonly<Record<string, string>> = {
  "a queue with a document and its dead letters": `
resource "aws_sqs_queue" "dead" {
  name = "dead"
}
resource "aws_sqs_queue" "Work-tf" {
  name           = "work-\${data.aws_region.current.name}"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 4 })
  tags           = { "cost.center" = "12", Name = "a \\"b\\" $\${c}" }
}`,
  "a set": `
resource "aws_ssm_parameter" "flags" {
  for_each = toset(["on", "off"])
  name     = "/flags/\${each.key}"
  type     = "String"
  value    = each.value
}`,
  "a map": `
resource "aws_ssm_parameter" "limits" {
  for_each = { small = 1, large = 10 }
  name     = "/limits/\${each.key}"
  type     = "String"
  value    = tostring(each.value)
}`,
  "a count": `
resource "aws_sqs_queue" "shard" {
  count                      = 2
  name                       = "shard-\${count.index}"
  visibility_timeout_seconds = 45
}`,
  "dynamic and other blocks": `
resource "aws_dynamodb_table" "events" {
  name         = "events"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  dynamic "attribute" {
    for_each = toset(["id", "at"])
    content {
      name = attribute.value
      type = "S"
    }
  }
  global_secondary_index {
    name            = "by-at"
    hash_key        = "at"
    projection_type = "ALL"
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [read_capacity, tags["x"]]
  }
}`,
  "a heredoc": `
resource "aws_ssm_parameter" "script" {
  name  = "/script"
  type  = "String"
  value = <<-EOT
    #!/bin/sh
      echo "$\${HOME}" \\t
    \${local.greeting}
  EOT
}
locals {
  greeting = "hello \${var.team}"
}
variable "team" {
  type    = string
  default = "cruddur"
}`,
  "a module of its own": `
module "store" {
  source = "./store"
  name   = "store-of-\${aws_sqs_queue.jobs.name}"
}`,
  "a role with a policy of a data source": `
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "extra" {
  name               = "extra"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  depends_on         = [aws_sqs_queue.jobs]
}`,
  "a secret in its text": `
resource "aws_ssm_parameter" "key" {
  name  = "/key"
  type  = "SecureString"
  value = "hunter2-in-the-text"
}`,
  "another region": `
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
resource "aws_sns_topic" "alarms" {
  provider = aws.east
  name     = "alarms"
}`,
  "what network and app have": `
resource "aws_ssm_parameter" "both" {
  name  = "/both"
  type  = "String"
  value = "\${aws_ssm_parameter.shared["a"].name}-\${aws_ssm_parameter.shared["b"].type}-\${aws_sqs_queue.jobs.name}"
}`,
  "what network has": `
resource "aws_ssm_parameter" "near" {
  name  = "/near"
  type  = "String"
  value = aws_ssm_parameter.shared["b"].arn
}`,
};

const store = `
variable "name" { type = string }
resource "aws_ssm_parameter" "this" {
  name  = "/store"
  type  = "String"
  value = var.name
}`;

const { lab } = labForTests({
  stacks: adoptingStacks,
  module: {
    "main.tf": `${oldModule}data "aws_region" "current" {}\n${Object.values(kinds).join("\n")}\n`,
    "store/main.tf": store,
  },
});

function check(...args: readonly string[]) {
  return runProcess(join(lab.project, "bin", "state", "check"), ["--from", lab.module, "--hcl", lab.module, ...args], {
    cwd: lab.folder,
    environment: { ...process.env, ...lab.environment(), TF_VAR_key_value: "hunter2-in-the-text" },
  });
}

test(
  `drafts ${Object.keys(kinds).join(", ")}; a check afterwards finds that nothing differs`,
  async () => {
    const first = await check("--write-additions", "--json");
    const report = JSON.parse(first.stdout || first.stderr);
    const artifacts = join(project, "artifacts", "write-additions");
    rmSync(artifacts, { recursive: true, force: true });
    mkdirSync(artifacts, { recursive: true });
    for (const stack of ["network", "app"]) {
      cpSync(join(lab.project, "additions", `adopted-${stack}.ts`), join(artifacts, `${stack}.txt`));
    }
    expect(report.written.notFound).toEqual([]);
    expect(report.written.drafted).toEqual({
      network: ["aws_ssm_parameter.near"],
      app: expect.arrayContaining([
        "aws_sqs_queue.dead",
        "aws_sqs_queue.Work-tf",
        "module.store",
        "aws_sns_topic.alarms",
      ]),
    });
    expect(report.written.variables).toEqual({ key_value: "aws_ssm_parameter.key: value" });
    const text = readFileSync(join(lab.project, "additions", "adopted-app.ts"), "utf8");
    expect(text).not.toContain("hunter2");
    const second = await check("--json");
    const { findings, notPlanned } = JSON.parse(second.stdout || second.stderr);
    // The old module plans the same over what moto gives back.
    const differing = findings.filter(({ alsoByOldModule }: { alsoByOldModule: boolean }) => !alsoByOldModule);
    expect([differing, notPlanned]).toEqual([[], {}]);
    expect(second.exitCode).toBe(0);
  },
  10 * minute,
);

test(
  "what it drafts has the types of the bindings",
  async () => {
    const { stdout, exitCode } = await runProcess(
      join(lab.project, "node_modules", ".bin", "tsc"),
      ["--noEmit", "-p", "tsconfig.json"],
      { cwd: lab.project },
    );
    const own = stdout.split("\n").filter((line) => line.startsWith("additions/"));
    expect([exitCode === 0 || own.length === 0, own]).toEqual([true, []]);
  },
  3 * minute,
);

test("without the old module it says what it needs", async () => {
  const file = join(lab.folder, "alone.tfstate");
  writeFileSync(file, JSON.stringify(lab.original));
  const { exitCode, stderr } = await runProcess(
    join(lab.project, "bin", "state", "check"),
    ["--from", file, "--no-plan", "--write-additions"],
    { cwd: lab.folder, environment: { ...process.env, ...lab.environment() } },
  );
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining("--write-additions reads the old module: give its folder"),
  ]);
});
