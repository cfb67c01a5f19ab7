import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Construct } from "constructs";
import { transformSync } from "esbuild";
import { AddressedStack } from "../../../../constructs/terraform/addressed-stack";
import { projectApp } from "../../../../stacks/project-app";
import { collect } from "../../../../state/additions/collect";
import { draft } from "../../../../state/additions/draft";
import { requiredProviders } from "../../../../state/additions/item";
import { ModuleSource } from "../../../../terraform/source/module";
import { runPasted } from "../../../support/pasted";

const folder = mkdtempSync(join(tmpdir(), "drafted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const declared = {
  network: new Set(["aws_lb.main", "data.aws_vpc.default", "var.domain"]),
  app: new Set(["aws_ecs_cluster.cruddur", "var.domain", "data.aws_vpc.default"]),
};

async function drafted(hcl: string, ...undeclared: readonly string[]) {
  writeFileSync(join(folder, "main.tf"), hcl);
  const source = await ModuleSource.read(folder);
  const { items, secrets } = collect(source, undeclared, declared);
  const { text } = draft({
    stack: "app",
    items: items.app,
    accessors: new Map([["aws_ecs_cluster.cruddur", "app.cluster.cluster"]]),
    moduleSources: new Map(),
    hasFiles: false,
    requiredProviders: requiredProviders(source),
    className: "Adopted",
  });
  const stackOf = Object.fromEntries(
    (["network", "app"] as const).map((stack) => [stack, items[stack].map(({ address }) => address)]),
  );
  return { text, stackOf, secrets: Object.fromEntries(secrets) };
}

test("arguments have the bindings' types: numbers, texts, maps, lists, blocks", async () => {
  const { text } = await drafted(
    `resource "aws_sqs_queue" "jobs" {
      name                       = "jobs"
      visibility_timeout_seconds = "45"
      fifo_queue                 = "true"
      max_message_size           = var.size
      tags                       = { "a.b" = 1, c = "$\${d} %%{e} \\"f\\"" }
    }
    resource "aws_s3_bucket_versioning" "v" {
      bucket = "b"
      versioning_configuration {
        status = "Enabled"
      }
    }
    variable "size" { type = number }`,
    "aws_sqs_queue.jobs",
    "aws_s3_bucket_versioning.v",
  );
  expect(text).toContain(
    'new SqsQueue(this, "jobs", { name: "jobs", visibilityTimeoutSeconds: 45, fifoQueue: true, maxMessageSize: Token.asNumber("${var.size}"), tags: { "a.b": "1", c: "$${d} %%{e} \\"f\\"" } });',
  );
  expect(text).toContain('versioningConfiguration: { status: "Enabled" }');
  expect(text).toContain('new TerraformVariable(this, "size", { type: "number" });');
  expect(text).toContain('import { Token } from "cdktf";'.replace("Token", "TerraformVariable, Token"));
});

test("references become code where the code can reach them", async () => {
  const { text } = await drafted(
    `resource "aws_sns_topic" "alarms" { name = "alarms-\${aws_ecs_cluster.cruddur.name}" }
    resource "aws_cloudwatch_metric_alarm" "high" {
      alarm_name          = "high"
      comparison_operator = "GreaterThanThreshold"
      evaluation_periods  = 2
      alarm_actions       = [aws_sns_topic.alarms.arn]
      dimensions          = { Cluster = aws_ecs_cluster.cruddur.name, Vpc = data.aws_vpc.default.id }
      depends_on          = [aws_ecs_cluster.cruddur]
    }`,
    "aws_cloudwatch_metric_alarm.high",
  );
  expect(text).toContain(
    'const alarms = new SnsTopic(this, "alarms", { name: `alarms-${app.cluster.cluster.name}` });',
  );
  expect(text).toContain("alarmActions: [alarms.arn]");
  expect(text).toContain('dimensions: { Cluster: app.cluster.cluster.name, Vpc: "${data.aws_vpc.default.id}" }');
  expect(text).toContain("dependsOn: [app.cluster.cluster]");
  expect(text).toContain("constructor(scope: Construct, id: string, app: AppStack)");
});

test("each lies in the stack of what it refers to, with what is made with it", async () => {
  const { stackOf } = await drafted(
    `resource "aws_lb_listener" "extra" {
      load_balancer_arn = aws_lb.main.arn
      tags              = { Team = var.team, Domain = var.domain }
    }
    resource "aws_sqs_queue" "near" { name = "\${local.cluster}-\${var.team}" }
    resource "aws_sqs_queue" "both" { name = "\${aws_lb.main.name}\${aws_ecs_cluster.cruddur.name}" }
    resource "aws_sqs_queue" "free" { name = "free" }
    resource "aws_sqs_queue_policy" "free" {
      queue_url = aws_sqs_queue.free.id
      policy    = data.aws_iam_policy_document.free.json
    }
    data "aws_iam_policy_document" "free" {
      statement { resources = [aws_lb.main.arn, aws_sqs_queue.free.arn] }
    }
    locals { cluster = aws_ecs_cluster.cruddur.name }
    variable "team" {}
    output "queue" { value = aws_sqs_queue.near.url }
    output "lb" { value = aws_lb.main.arn }`,
    ...["aws_lb_listener.extra", "aws_sqs_queue.near", "aws_sqs_queue.both", "aws_sqs_queue.free"],
    "aws_sqs_queue_policy.free",
  );
  expect(stackOf).toEqual({
    network: [
      "aws_lb_listener.extra",
      "var.team",
      "aws_sqs_queue.free",
      "aws_sqs_queue_policy.free",
      "data.aws_iam_policy_document.free",
    ],
    app: ["aws_sqs_queue.near", "local.cluster", "var.team", "aws_sqs_queue.both", "output.queue"],
  });
});

test("documents are data: what is no reference of the code's stays an expression", async () => {
  const { text } = await drafted(
    `resource "aws_sqs_queue_policy" "p" {
      queue_url = "q"
      policy = jsonencode({
        Statement = [{ "a:b" = "\${local.names[0]}/*", Resource = upper(local.one), Literal = "$\${aws:x}", Cluster = "\${aws_ecs_cluster.cruddur.name}-x" }]
      })
    }
    resource "aws_ssm_parameter" "odd" {
      name  = "/odd"
      type  = "String"
      value = jsonencode({ (local.one) = "%{ if true }a%{ endif }" })
    }
    locals {
      names = ["a"]
      one   = "one"
    }`,
    "aws_sqs_queue_policy.p",
    "aws_ssm_parameter.odd",
  );
  expect(text).toContain(
    'policy: jsonDocument({ Statement: [{ "a:b": `${ref("local.names[0]")}/*`, Resource: ref("upper(local.one)"), Literal: "${aws:x}", Cluster: `${app.cluster.cluster.name}-x` }] })',
  );
  expect(text).toContain('value: "${jsonencode({ (local.one) = \\"%{ if true }a%{ endif }\\" })}"');
});

test("keywords and addresses stand as Terraform's JSON syntax wants them", async () => {
  const { text } = await drafted(
    `resource "terraform_data" "marker" {
      input            = -1
      triggers_replace = [1, upper("a")]
      lifecycle {
        ignore_changes       = [input]
        replace_triggered_by = [aws_sqs_queue.free]
      }
      provisioner "local-exec" {
        when       = destroy
        on_failure = continue
        command    = "true"
      }
    }
    resource "null_resource" "other" {
      triggers = { a = 1 }
      lifecycle { ignore_changes = all }
    }
    resource "aws_security_group" "web" {
      dynamic "ingress" {
        for_each = [80]
        iterator = port
        content { from_port = port.value }
      }
    }
    resource "aws_sqs_queue" "free" {}`,
    "terraform_data.marker",
    "null_resource.other",
    "aws_security_group.web",
  );
  expect(text).toContain('lifecycle: { ignoreChanges: ["input"], replaceTriggeredBy: ["aws_sqs_queue.free"] }');
  // cdktf would make a map of a number and of a list.
  expect(text).toContain('marker.addOverride("input", -1);');
  expect(text).toContain('marker.addOverride("triggers_replace", [1, "${upper(\\"a\\")}"]);');
  expect(text).toContain('{ "local-exec": { when: "destroy", on_failure: "continue", command: "true" } }');
  expect(text).toContain('addOverride("lifecycle", [{ ignore_changes: "all" }])');
  expect(text).toContain('iterator: "port"');
  expect(text).toContain('new SqsQueue(this, "free");');
});

test("what only an override sets is there for the types", async () => {
  const { text } = await drafted(
    `resource "aws_lb_listener" "web" {
      load_balancer_arn = "lb"
      dynamic "default_action" {
        for_each = ["forward"]
        content { type = default_action.value }
      }
    }`,
    "aws_lb_listener.web",
  );
  expect(text).toContain('loadBalancerArn: "lb", defaultAction: [] });');
});

test("things of one name and several types are all there, each with its address", async () => {
  const { text } = await drafted(
    `resource "aws_sns_topic" "orders" {}
    resource "aws_sqs_queue" "orders" { name = aws_sns_topic.orders.name }
    resource "aws_sqs_queue_policy" "orders" { queue_url = aws_sqs_queue.orders.id }
    data "aws_iam_policy_document" "orders" {}
    variable "orders" {}
    output "orders" { value = [aws_sns_topic.orders.arn, var.orders, data.aws_iam_policy_document.orders.json] }`,
    ...["aws_sns_topic.orders", "aws_sqs_queue.orders", "aws_sqs_queue_policy.orders"],
  );
  const { Adopted } = runPasted(text, "additions") as { Adopted: new (scope: Construct, id: string) => Construct };
  const stack = new AddressedStack(projectApp({ skipValidation: true }), "app");
  new Adopted(stack, "Adopted");
  expect(
    stack
      .claims()
      .map(({ address }) => address)
      .sort(),
  ).toEqual([
    "aws_sns_topic.orders",
    "aws_sqs_queue.orders",
    "aws_sqs_queue_policy.orders",
    "data.aws_iam_policy_document.orders",
    "output.orders",
    "var.orders",
  ]);
});

test("no constant has a name that TypeScript or the draft itself has", async () => {
  const names = ["public", "import", "await", "package", "enum", "arguments", "json_document", "project", "let"];
  const { text } = await drafted(
    names.map((name) => `resource "aws_sqs_queue" "${name}" { name = jsonencode({ a = 1 }) }`).join("\n") +
      `\noutput "arns" { value = [${names.map((name) => `aws_sqs_queue.${name}.arn`).join(", ")}] }`,
    ...names.map((name) => `aws_sqs_queue.${name}`),
    "output.arns",
  );
  expect(() => transformSync(text, { loader: "ts" })).not.toThrow();
  const constants = [...text.matchAll(/const (\w+) =/g)].map(([, name]) => name);
  expect(constants).toContain("publicSqsQueue");
  expect(constants.filter((name) => name === "jsonDocument" || name === "project")).toEqual([]);
});

test("providers come along: another region, and one without bindings with its source", async () => {
  const { text } = await drafted(
    `terraform {
      required_providers {
        datadog = {
          source  = "DataDog/datadog"
          version = "~> 3.0"
        }
      }
    }
    provider "aws" {
      alias  = "east"
      region = var.east
    }
    provider "datadog" { api_key = "0123456789abcdef0123456789abcdef" }
    variable "east" { default = "us-east-1" }
    resource "aws_sns_topic" "alarms" { provider = aws.east }
    resource "datadog_monitor" "cpu" { query = "avg:x{*}" }
    module "m" {
      source    = "terraform-aws-modules/sqs/aws"
      version   = "4.0.0"
      providers = { aws = aws.east }
    }`,
    "aws_sns_topic.alarms",
    "datadog_monitor.cpu",
    "module.m",
  );
  expect(text).toContain(
    'const eastAws = new AwsProvider(this, "EastAws", { alias: "east", region: east.stringValue });',
  );
  expect(text).toContain('new SnsTopic(this, "alarms", { provider: eastAws });');
  expect(text).toContain(
    'TerraformStack.of(this).addOverride("terraform.required_providers.datadog", { source: "DataDog/datadog", version: "~> 3.0" });',
  );
  expect(text).toContain(
    'TerraformStack.of(this).addOverride("provider.datadog", [{ api_key: datadogApiKey.stringValue }]);',
  );
  expect(text).toContain('.addOverride("providers", { aws: "aws.east" })');
  expect(text).not.toContain("0123456789abcdef");
});

test("variables are as they were: in them, nothing is a template", async () => {
  const { text, secrets } = await drafted(
    `variable "note" {
      type        = object({ a = string })
      description = "With $\${x}."
      default     = { a = "$\${b} %%{c}" }
      validation {
        condition     = var.note.a != ""
        error_message = "Empty: \${var.note.a}"
      }
    }
    variable "api_token" { default = "t0ken-t0ken-t0ken" }
    resource "aws_sqs_queue" "q" { tags = { a = var.note.a, b = var.api_token } }`,
    "aws_sqs_queue.q",
  );
  expect(text).toContain('description: "With ${x}.", default: { a: "${b} %{c}" }');
  expect(text).toContain('error_message: "Empty: ${var.note.a}"');
  expect(text).toContain('new TerraformVariable(this, "api_token", { sensitive: true });');
  expect(secrets).toEqual({ api_token: 'the default of variable "api_token"' });
});

test("a secret in the module's text becomes a sensitive variable; what only looks like one doesn't", async () => {
  const { text, secrets } = await drafted(
    `resource "aws_db_instance" "old" {
      instance_class = "db.t3.micro"
      username       = "root"
      password       = "hunter2-hunter2"
    }
    resource "aws_dynamodb_table" "events" {
      name = "events"
      dynamic "attribute" {
        for_each = ["id"]
        content {
          name = attribute.value
          type = "S"
        }
      }
    }`,
    "aws_db_instance.old",
    "aws_dynamodb_table.events",
  );
  expect(secrets).toEqual({ old_password: "aws_db_instance.old: password" });
  expect(text).not.toContain("hunter2");
  expect(text).toContain(
    'const oldPassword = new TerraformVariable(this, "old_password", { type: "string", sensitive: true });',
  );
  expect(text).toContain("password: oldPassword.stringValue");
});

test("secrets in documents, templates, module inputs and locals are found, and each has a variable of its own", async () => {
  const { text, secrets } = await drafted(
    `resource "aws_secretsmanager_secret_version" "db" {
      secret_id     = "db"
      secret_string = jsonencode({ password = "hunter2-hunter2" })
    }
    resource "aws_db_instance" "main" { password = "hunter3-hunter3" }
    resource "aws_docdb_cluster" "main" { master_password = local.db_password }
    resource "aws_rds_cluster" "main" { password = "hunter5-hunter5" }
    resource "aws_ssm_parameter" "url" {
      name  = "/url"
      type  = "String"
      value = "postgres://root:hunter4-hunter4@\${aws_db_instance.main.address}/db"
    }
    resource "aws_ssm_parameter" "open" {
      name  = "/open"
      type  = "String"
      value = "plain"
    }
    locals { db_password = "hunter6-hunter6" }
    module "m" {
      source   = "terraform-aws-modules/x/aws"
      password = "hunter7-hunter7"
    }`,
    ...["aws_secretsmanager_secret_version.db", "aws_db_instance.main", "aws_docdb_cluster.main"],
    ...["aws_rds_cluster.main", "aws_ssm_parameter.url", "aws_ssm_parameter.open", "module.m"],
  );
  expect(text).not.toContain("hunter");
  expect(text).toContain('value: "plain"');
  expect(Object.keys(secrets).sort()).toEqual([
    "aws_rds_cluster_main_password",
    "db_password",
    "db_secret_string_password",
    "m_password",
    "main_password",
    "url_value",
  ]);
});
