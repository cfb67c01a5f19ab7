/**
 * The advice of `check`, followed to the letter: one old module differs from the stacks in every way that has a kind of its
 * own. Each finding's line is carried out as it stands, and the next check finds nothing.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../../lib/run-process";
import type { Finding } from "../../../state/check/finding";
import { type Case, StateLab } from "../../support/state/lab";

const minute = 60_000;

/** What the stacks declare, in place of `stacks/index.ts`. */
const stacks = `
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { type App, Fn, TerraformOutput, TerraformVariable } from "cdktf";
import { AppAdditions } from "../additions/app";
import { NetworkAdditions } from "../additions/network";
import { AddressedStack } from "../constructs/terraform/addressed-stack";
import { remoteState, stateBackend } from "../constructs/terraform/state-backend";
import type { Settings } from "../settings/schema";

class LabStack extends AddressedStack {
  readonly aws: { provider: AwsProvider };
  constructor(root: App, id: string, project: string, settings: Settings) {
    super(root, id);
    stateBackend(this, { ...settings, project });
    const tags = settings.defaultTags;
    this.aws = { provider: new AwsProvider(this, "aws", { defaultTags: Object.keys(tags).length > 0 ? [{ tags }] : undefined }) };
  }
}

class NetworkStack extends LabStack {
  constructor(root: App, project: string, settings: Settings) {
    super(root, "network", project, settings);
    const topic = new SnsTopic(this, "events", { name: "events" });
    new SsmParameter(this, "zone", { name: "/zone", type: "String", value: "z" });
    new TerraformOutput(this, "topic_arn", { value: topic.arn });
    const absent = new SnsTopic(this, "absent", { name: "absent" });
    new TerraformOutput(this, "arns", { value: { absent: absent.arn, events: topic.arn } });
  }
}

class AppStack extends LabStack {
  constructor(root: App, project: string, settings: Settings, network: NetworkStack) {
    super(root, "app", project, settings);
    const remote = remoteState(this, "network", network, { ...settings, project });
    const size = new TerraformVariable(this, "queue_delay", { type: "string" });
    const queue = (id: string, config = {}) => new SqsQueue(this, id, { name: id, ...config });
    const jobs = queue("jobs", { fifoQueue: false });
    new SnsTopicSubscription(this, "jobs_events", { topicArn: remote.getString("topic_arn"), protocol: "sqs", endpoint: jobs.arn });
    new SsmParameter(this, "jobs_url", { name: "/jobs-url", type: "String", value: jobs.url });
    new SsmParameter(this, "jobs_arn", { name: "/jobs-arn", type: "String", value: \`arn is \${jobs.arn}\` });
    new SsmParameter(this, "absent_arn", { name: "/absent-arn", type: "String", value: Fn.lookupNested(remote.get("arns"), ["absent"]) });
    queue("slow", { visibilityTimeoutSeconds: 30 });
    queue("tags", { tags: { Name: "tags" } });
    queue("moved_in");
    queue("renamed");
    queue("single");
    queue("eastern");
    queue("nothing_like_it");
    queue("delayed", { delaySeconds: size.numberValue });
    queue("broken");
    const odd = new SsmParameter(this, "odd", { name: "/odd/\${md5(each.key)}", type: "String", value: "\${each.value}" });
    odd.addOverride("for_each", '\${toset(["a.b[\\\\"c\\\\"]", "x/$\${y}", "ü\\\\n"])}');
  }
}

export function addStacks(root: App, project: string, settings: Settings) {
  const network = new NetworkStack(root, project, settings);
  new NetworkAdditions(network as never);
  const app = new AppStack(root, project, settings, network);
  new AppAdditions(app as never);
  return { network, app };
}
`;

/** The old module: 21 resources, of which none is quite as the stacks have it. */
const main = `terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  # A comment with provider "aws" { in it.
  default_tags {
    tags = {
      Team       = "cloud"
      "lang:c++" = "1"
    }
  }
  ignore_tags {
    keys = ["LastScan"]
  }
}
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
# resource "aws_sqs_queue" "jobs" {
locals {
  note = <<-EOT
    resource "aws_sqs_queue" "slow" {
      visibility_timeout_seconds = 1
    }
  EOT
}
moved {
  from = aws_sns_topic.older
  to   = aws_sns_topic.events
}
resource "aws_sns_topic" "events" {
  name = "events"
}
resource "aws_ssm_parameter" "zone" {
  name  = "/zone"
  type  = "String"
  value = "z"
}
resource "aws_sqs_queue" "jobs" {
  name = "jobs-of-old"
  fifo_queue = false
}
resource "aws_sns_topic_subscription" "jobs_events" {
  topic_arn = aws_sns_topic.events.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.jobs.arn
}
resource "aws_ssm_parameter" "jobs_url" {
  name  = "/jobs-url"
  type  = "String"
  value = aws_sqs_queue.jobs.url
}
resource "aws_ssm_parameter" "jobs_arn" {
  name  = "/jobs-arn"
  type  = "String"
  value = "arn is \${aws_sqs_queue.jobs.arn}"
}
resource "aws_ssm_parameter" "absent_arn" {
  name  = "/absent-arn"
  type  = "String"
  value = "arn:aws:sns:eu-central-1:123456789012:absent"
}
resource "aws_sqs_queue" "slow" {
  name                       = "slow"
  visibility_timeout_seconds = 77
  lifecycle {
    ignore_changes = [visibility_timeout_seconds]
  }
}
resource "aws_sqs_queue" "tags" {
  name = "tags"
  tags = { Name = "tags", "a.b[0]" = "dots", "q\\"uote" = "x" }
}
module "mail" {
  source = "./modules/mail"
}
resource "aws_sqs_queue" "other_name" {
  name = "renamed"
}
resource "aws_sqs_queue" "single" {
  count = 1
  name  = "single"
}
resource "aws_sqs_queue" "eastern" {
  provider = aws.east
  name     = "eastern"
}
resource "aws_sqs_queue" "delayed" {
  name          = "delayed"
  delay_seconds = 5
}
resource "aws_sqs_queue" "broken" {
  name = "broken"
}
resource "aws_ssm_parameter" "odd" {
  for_each = toset(["a.b[\\"c\\"]", "x/$\${y}", "ü\\n", "more"])
  name     = "/odd/\${md5(each.key)}"
  type     = "String"
  value    = each.value
}
resource "aws_sns_topic" "Service-SG_tf" {
  count = 2
  name  = "undeclared-\${count.index}"
}
resource "aws_sqs_queue" "Service-SG_tf" {
  count = 2
  name  = "undeclared-\${count.index}"
}
resource "terraform_data" "migration" {
  input = "1"
}
`;

const files = {
  "main.tf": main,
  "modules/mail/queue.tf": 'resource "aws_sqs_queue" "moved_in" {\n  name = "moved_in"\n}\n',
};

const lab = new StateLab({ stacks, module: files });
let one: Case;
let first: RunResult;
let findings: readonly Finding[];

/** A terraform of the user's own, in the old module's folder or on its state. */
function terraform(command: string): void {
  execFileSync("sh", ["-c", command], {
    cwd: lab.module,
    env: { ...process.env, ...lab.environment() },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function check(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<RunResult> {
  return one.command("check", ["--from", lab.module, "--hcl", lab.module, ...args], { environment });
}

beforeAll(async () => {
  await lab.start();
  terraform("terraform taint aws_sqs_queue.broken");
  await lab.tagQueue("tags", { LastScan: "yesterday" });
  one = await lab.newCase("local");
  // A file would count for the old module, too.
  first = await check(["--json"], { TF_VAR_queue_delay: "0" });
  findings = JSON.parse(first.stdout || "{}").findings ?? [];
}, 8 * minute);

afterAll(async () => {
  await one?.close();
  await lab.stop();
});

/** The causes, in short. */
function causes(): string[] {
  return findings
    .filter(({ because }) => because === null)
    .map(({ kind, address, detail, oldModule }) => `${kind}: ${address}: ${detail} (${oldModule})`);
}

test("each difference is told once, at its cause, with the old module's line", () => {
  expect([first.exitCode, first.stderr]).toEqual([2, expect.not.stringMatching(/^\s+at /m)]);
  expect(JSON.parse(first.stdout).notPlanned).toEqual({});
  const line = (text: string) => main.slice(0, main.indexOf(text)).split("\n").length;
  const at = (text: string, said = "") => `(main.tf:${line(text)}${said})`;
  expect(causes().sort()).toEqual(
    [
      `address: aws_sqs_queue.moved_in: the state has it in a module: module.mail.aws_sqs_queue.moved_in (modules/mail/queue.tf:1)`,
      `address: aws_sqs_queue.renamed: the state has it under another name: aws_sqs_queue.other_name ${at('resource "aws_sqs_queue" "other_name"')}`,
      `argument: aws_sqs_queue.delayed: delay_seconds: 5 → 0 ${at("delay_seconds = 5", " says 5")}`,
      `argument: aws_sqs_queue.jobs: name: "jobs-of-old" → "jobs" (replace because cannot update) ${at('name = "jobs-of-old"', ' says "jobs-of-old"')}`,
      `argument: aws_sqs_queue.slow: visibility_timeout_seconds: 77 → 30 ${at("ignore_changes", " ignores changes of visibility_timeout_seconds")}`,
      `argument: aws_sqs_queue.tags: tags.a.b[0]: "dots" → nothing ${at('"a.b[0]" =', ' says "dots"')}`,
      `argument: aws_sqs_queue.tags: tags.q"uote: "x" → nothing ${at('"a.b[0]" =', ' says "x"')}`,
      `instance key: aws_sqs_queue.single: the state has it with another key: aws_sqs_queue.single[0] ${at("count = 1", " says count = 1")}`,
      `instance key: aws_ssm_parameter.odd["more"]: no stack declares this key ${at('resource "aws_ssm_parameter" "odd"')}`,
      "missing: aws_sns_topic.absent: the state has nothing like it (null)",
      "missing: aws_sqs_queue.nothing_like_it: the state has nothing like it (null)",
      `provider setting: provider.aws.east: alias east: region us-east-1 ${at('region = "us-east-1"')}`,
      `provider setting: provider.aws: default_tags: "Team" = "cloud", "lang:c++" = "1" ${at("tags = {")}`,
      `provider setting: provider.aws: ignore_tags: "LastScan" ${at("ignore_tags")}`,
      `undeclared: aws_sns_topic.Service-SG_tf[0]:  ${at('resource "aws_sns_topic" "Service-SG_tf"')}`,
      `undeclared: aws_sqs_queue.Service-SG_tf[0]:  ${at('resource "aws_sqs_queue" "Service-SG_tf"')}`,
      `undeclared: terraform_data.migration:  ${at('resource "terraform_data"')}`,
      `unfinished object: aws_sqs_queue.broken: tainted ${at('resource "aws_sqs_queue" "broken"')}`,
    ].sort(),
  );
});

test("what forces a replacement is marked, and what follows is told as that", async () => {
  const forcing = findings.filter(({ forcesReplacement, because }) => forcesReplacement && because === null);
  expect(forcing.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^name: /)]);
  const following = findings.filter(({ because }) => because === "aws_sqs_queue.jobs");
  expect([...new Set(following.map(({ address }) => address))].sort()).toEqual([
    "aws_sns_topic_subscription.jobs_events",
    "aws_sqs_queue.jobs",
    "aws_ssm_parameter.jobs_arn",
    "aws_ssm_parameter.jobs_url",
  ]);
  expect(findings.filter(({ because }) => because === "aws_sns_topic.absent").map(({ address }) => address)).toEqual([
    "aws_ssm_parameter.absent_arn",
  ]);
  expect(findings.filter(({ where, because }) => where === "" && because === null)).toEqual([]);
});

/** Carries out what the findings say, as it stands there; only the arguments of what is undeclared are filled in. */
function follow(list: readonly Finding[]): { readonly environment: NodeJS.ProcessEnv } {
  const additions: Record<string, string[]> = { network: [], app: [] };
  const imports = new Set<string>();
  const settings: string[] = [];
  const environment: NodeJS.ProcessEnv = {};
  const commands: string[] = [];
  for (const { where, lines, imports: needed } of list) {
    for (const one of needed) imports.add(one);
    for (const line of lines) {
      if (/^terraform /.test(line)) commands.push(line);
      else if (where.startsWith("setting ")) settings.push(line);
      else if (where.startsWith("variable ")) environment[`TF_VAR_${line.split(" = ")[0]}`] = line.split(" = ")[1];
      else if (where.startsWith("the old module")) {
        const [name, json] = [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)];
        writeFileSync(join(lab.module, name), json);
        commands.push(`terraform apply -auto-approve -input=false -target=aws_sns_topic.absent`);
      } else {
        const stack =
          /^network[.]|\(network,/.test(line) || where.startsWith("additions/network.ts:") ? "network" : "app";
        additions[stack]?.push(line.replace("{ … }", '{ count: 2, name: "undeclared-${count.index}" } as never'));
      }
    }
  }
  writeFileSync(join(lab.project, "settings.json"), `{${settings.join(",")}}`);
  for (const [stack, lines] of Object.entries(additions)) {
    const name = stack === "app" ? "AppAdditions" : "NetworkAdditions";
    const text = `${[...imports].join("\n")}
import { Construct } from "constructs";
export class ${name} extends Construct {
  constructor(${stack}: any) {
    super(${stack}, "Additions");
    ${lines.join("\n    ")}
  }
}
`;
    writeFileSync(join(lab.project, "additions", `${stack}.ts`), text);
  }
  // What is created there first is, before its state is put in order.
  for (const command of commands.sort((a, b) => Number(b.includes(" apply ")) - Number(a.includes(" apply "))))
    terraform(command);
  return { environment };
}

test(
  "each line followed as it stands, the next check finds nothing",
  async () => {
    const { environment } = follow(findings);
    const second = await check(["--json"], environment);
    const report = JSON.parse(second.stdout || "{}");
    expect([report.notPlanned, report.findings, second.exitCode]).toEqual([{}, [], 0]);
  },
  8 * minute,
);

/** What an old plan says of moves decides, not which blocks the source has: one that is done stands in it for good. */
test(
  "a pending move is told at its block, and a split refuses it",
  async () => {
    const moved = "moved {\n  from = aws_sns_topic.events\n  to   = aws_sns_topic.newer\n}\n";
    const text = readFileSync(join(lab.module, "main.tf"), "utf8");
    writeFileSync(
      join(lab.module, "main.tf"),
      text
        .replace('"aws_sns_topic" "events"', '"aws_sns_topic" "newer"')
        .replace("aws_sns_topic.events.arn", "aws_sns_topic.newer.arn")
        .replace(/moved \{[^}]*\}\n/, moved),
    );
    const result = await check(["--json"], { TF_VAR_queue_delay: "5" });
    expect(JSON.parse(result.stdout).findings).toEqual([
      expect.objectContaining({
        kind: "transient block",
        address: "aws_sns_topic.newer",
        detail: "from aws_sns_topic.events",
        oldModule: expect.stringMatching(/^main\.tf:\d+ \(moved\)$/),
      }),
    ]);
  },
  8 * minute,
);
