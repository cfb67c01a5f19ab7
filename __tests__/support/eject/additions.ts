/** What a team may add: every kind of thing that a stack's file can hold beside plain resources. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import {
  DataResource,
  Fn,
  TerraformHclModule,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  TerraformVariable,
} from "cdktf";
import { Construct } from "constructs";
import { setArgument } from "../../../constructs/terraform/arguments";
import { jsonDocument } from "../../../constructs/terraform/json-document";
import type { AppStack } from "../../../stacks/app";
import type { NetworkStack } from "../../../stacks/network";

/** A module of the team's own, with a part of its own. */
function moduleFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "team-module-"));
  mkdirSync(join(folder, "part"));
  writeFileSync(
    join(folder, "main.tf"),
    'variable "name" { type = string }\nvariable "size" {\n  type    = number\n  default = 3\n}\nresource "aws_sqs_queue" "this" {\n  name                       = var.name\n  visibility_timeout_seconds = coalesce(var.size, 7)\n}\nmodule "part" {\n  source = "./part"\n}\noutput "arn" { value = aws_sqs_queue.this.arn }\n',
  );
  writeFileSync(join(folder, "part", "main.tf"), 'resource "terraform_data" "part" {\n  input = "part"\n}\n');
  return folder;
}

/** Runs at start: with blank lines, quotes, and what looks like templates. */
const script = `#!/bin/bash
set -euo pipefail

for name in "a b" c; do
  echo "$\${name}: \\t %%{http_code}" >> /var/log/names
done
`;

export class TeamNetworkAdditions extends Construct {
  constructor(network: NetworkStack) {
    super(network, "Additions");
    const ports = TerraformIterator.fromMap({ http: { port: 80 }, admin: { port: 8080 } });
    new S3BucketCorsConfiguration(this, "uploads", {
      bucket: "uploads",
      corsRule: ports.dynamic({
        allowed_methods: ["GET"],
        allowed_origins: [`https://x:${ports.getNumber("port")}`],
        max_age_seconds: ports.getNumber("port"),
      }),
    });
    new TerraformOutput(this, "note", { value: "the network's", description: "Has this name in both stacks." });
    new TerraformLocal(this, "team", { name: "network" });
    new SqsQueue(this, "network_jobs", { name: "network-jobs", lifecycle: { ignoreChanges: ["tags", "tags_all"] } });
  }
}

export class TeamAppAdditions extends Construct {
  constructor(app: AppStack) {
    super(app, "Additions");
    const east = new AwsProvider(this, "East", { alias: "east", region: "us-east-1" });
    new SnsTopic(this, "alarms", { name: "alarms", provider: east });
    const token = new TerraformVariable(this, "team_token", { type: "string", sensitive: true, default: "t0ken" });
    new TerraformVariable(this, "team_zones", { type: "list(object({ name = string }))", default: [{ name: "${a}" }] });
    const local = new TerraformLocal(this, "team", { name: "app", list: ["%%{x}", '"q"'] });

    new Instance(this, "bastion", {
      ami: "ami-12345678",
      instanceType: "t3.micro",
      userData: script,
      tags: { "cost.center": "12", Name: "bastion" },
      rootBlockDevice: { encrypted: true },
    });
    new CloudwatchDashboard(this, "board", {
      dashboardName: "board",
      dashboardBody: jsonDocument({
        widgets: [
          {
            type: "text",
            properties: { markdown: 'Say "${hi}" %{now} \\n <b>', empty: [], none: null, deep: { a: {} } },
          },
          {
            type: "metric",
            properties: { metrics: [["AWS/ECS", "CPU", "ClusterName", app.cluster.name]], period: 60 },
          },
        ],
      }),
    });
    const names = TerraformIterator.fromList(["a", "b.c"]);
    const parameter = new SsmParameter(this, "team_parameter", {
      forEach: names,
      name: `/team/${names.value}`,
      type: "SecureString",
      value: `${token.stringValue}-${Fn.lookup(local.expression, "name")}`,
      lifecycle: {
        createBeforeDestroy: true,
        precondition: [{ condition: '${each.key != ""}', errorMessage: "Empty: ${each.key}" }],
      },
    });
    const bucket = new S3Bucket(this, "assets", { bucketPrefix: "assets-", forceDestroy: false });
    setArgument(app, "aws_s3_bucket.assets", ["tags", "a:b"], "c");
    const document = new DataAwsIamPolicyDocument(this, "read", {
      statement: [
        { actions: ["s3:GetObject"], resources: [`${bucket.arn}/*`], principals: [{ type: "*", identifiers: ["*"] }] },
      ],
    });
    const data = new DataResource(this, "marker", {
      input: { policy: document.json, list: [1, null, true] } as never,
      provisioners: [{ type: "local-exec", command: 'echo "${self.id}" %%{x} > /dev/null', when: "destroy" }],
      dependsOn: [bucket],
    });
    data.addOverride("triggers_replace", ["${aws_s3_bucket.assets.id}"]);
    new TerraformHclModule(this, "team_queue", {
      source: moduleFolder(),
      variables: { name: "team-queue", size: null },
      dependsOn: [bucket],
    });
    new TerraformOutput(this, "note", { value: "the app's", description: "Has this name in both stacks." });
    new TerraformOutput(this, "team_arns", {
      value: "${[for k, v in aws_ssm_parameter.team_parameter : v.arn]}",
      sensitive: true,
    });
    new TerraformOutput(this, "first", { value: Fn.lookupNested(parameter.fqn, ['"a"', "name"]) });
    app.addOverride("moved", [{ from: "aws_ecs_cluster.before", to: "aws_ecs_cluster.cruddur" }]);
    app.addOverride("check", {
      reachable: {
        assert: [{ condition: "${length(aws_ecs_cluster.cruddur.name) > 0}", error_message: "No cluster." }],
      },
    });
  }
}
