import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Fn, Testing } from "cdktf";
import { Construct } from "constructs";
import { policyDocument } from "../../../../constructs/iam/policy-document";
import { jsonDocument } from "../../../../constructs/terraform/json-document";
import type { AppStack } from "../../../../stacks/app";
import { defaultSettings, makeStacks, type Stacks, synth, synthProject } from "../../../../tools/testing";
import { SynthesizedStacks } from "../../../../tools/testing/stacks";
import { documentedCode, runPasted } from "../../../support/pasted";

describe("synthesized stacks", () => {
  const stacks = synth();

  test("give a resource of either stack, with its documents parsed", () => {
    expect(stacks.resource("aws_lb.cruddur_backend_lb").name).toBe("cruddur-backend-lb");
    const [{ name, portMappings }] = stacks.resource("aws_ecs_task_definition.backend_authz").container_definitions;
    expect([name, portMappings[0].containerPort]).toEqual(["authz", 8123]);
    expect(stacks.resource("aws_iam_role.service").assume_role_policy.Statement[0].Principal).toEqual({
      Service: "ecs-tasks.amazonaws.com",
    });
  });

  test("give every kind of block of one stack", () => {
    expect(stacks.network.resource("data.aws_vpc.default")).toEqual({ default: true });
    expect(stacks.network.resource("output.load_balancer_dns_name").value).toBe(
      "${aws_lb.cruddur_backend_lb.dns_name}",
    );
    expect(stacks.app.resource("var.db_password").sensitive).toBe(true);
    expect(stacks.app.resource("local.secret_values").CONNECTION_URL).toBe("${var.db_connection_url}");
  });

  test("say what is not there", () => {
    expect(() => stacks.resource("aws_sqs_queue.jobs")).toThrow("aws_sqs_queue.jobs is a resource of neither stack");
    expect(() => stacks.app.resource("aws_lb.main")).toThrow("aws_lb.main is not in the stack app");
  });

  test("parse plain JSON too, and leave alone what only Terraform can tell", () => {
    class Policies extends Construct {
      constructor(app: AppStack) {
        super(app, "Additions");
        const queue = new SqsQueue(this, "jobs", { redrivePolicy: JSON.stringify({ maxReceiveCount: 3 }) });
        new SqsQueuePolicy(this, "own", {
          queueUrl: queue.url,
          policy: policyDocument({ Effect: "Allow", Action: "sqs:*", Resource: queue.arn }),
        });
        new SqsQueuePolicy(this, "other", { queueUrl: queue.url, policy: Fn.file("policy.json") });
        new SqsQueuePolicy(this, "merged", { queueUrl: queue.url, policy: Fn.sha1(jsonDocument([1])) });
      }
    }
    const { app } = synth({ additions: { app: Policies } });
    expect(app.resource("aws_sqs_queue.jobs").redrive_policy).toEqual({ maxReceiveCount: 3 });
    expect(app.resource("aws_sqs_queue_policy.own").policy.Statement).toEqual([
      { Effect: "Allow", Action: "sqs:*", Resource: "${aws_sqs_queue.jobs.arn}" },
    ]);
    expect(app.resource("aws_sqs_queue_policy.other").policy).toBe('${file("policy.json")}');
    expect(app.resource("aws_sqs_queue_policy.merged").policy).toBe("${sha1(jsonencode([1]))}");
  });

  test("of the project have its settings file, and states of their own", () => {
    const path: string = synthProject().app.json.terraform.backend.local.path;
    expect(path).toMatch(/^\/.*terraform\.app\.tfstate$/);
    expect(() => defaultSettings({ database: { instanceClass: 1 } })).toThrow("instanceClass");
  });
});

describe("toKeepAddresses", () => {
  test("passes with what settings, services and additions leave in place", () => {
    expect(synth()).toKeepAddresses();
    expect(synth({ settings: { backendTraces: "collector", preventDestroy: false } })).toKeepAddresses();
  });

  const changed = (change: (stacks: Stacks) => void) => {
    const stacks = makeStacks();
    change(stacks);
    return new SynthesizedStacks(stacks);
  };

  test.each<[string, (stacks: Stacks) => void, RegExp]>([
    [
      "a renamed resource",
      ({ app }) => app.postConfirmation.permission?.overrideLogicalId("call"),
      /An address is not kept.*\n {2}- aws_lambda_permission\.allow_cognito_trigger \(app\): new of its type is aws_lambda_permission\.call\n.*moveFromId/,
    ],
    [
      "an instance key less",
      ({ app }) => app.repositories.repository.addOverride("for_each", '${toset(["envoy"])}'),
      /5 addresses are not kept(.*\n)+ {2}- aws_ecr_repository\.repo\["authz"\] \(app\)\n/,
    ],
    [
      "a single resource for instances",
      ({ app }) => app.repositories.repository.addOverride("for_each", undefined),
      /6 addresses are not kept/,
    ],
    [
      "a resource in the other stack",
      ({ network, app }) => {
        network.node.tryRemoveChild("SecurityGroups");
        new SecurityGroup(app, "rds", {});
      },
      /- aws_security_group\.rds \(network\): it is in the stack app now, another state/,
    ],
  ])("fails with %s", (_what, change, message) => {
    const stacks = changed(change);
    expect(() => expect(stacks).toKeepAddresses()).toThrow(message);
  });

  test("takes a moved block for the address", () => {
    const stacks = changed(({ app }) => {
      app.postConfirmation.permission?.overrideLogicalId("call");
      app.postConfirmation.permission?.moveFromId("aws_lambda_permission.allow_cognito_trigger");
    });
    expect(stacks.app.managed()).not.toContain("aws_lambda_permission.allow_cognito_trigger");
    expect(stacks).toKeepAddresses();
  });

  test("lets go what is excepted by its address, and no other", () => {
    const without = synth({ settings: { authz: false } });
    const except = ["aws_ecs_service.backend_authz", "aws_ecs_task_definition.backend_authz"];
    expect(without).toKeepAddresses({ except });
    expect(() => expect(without).toKeepAddresses({ except: except.slice(1) })).toThrow("aws_ecs_service.backend_authz");
    expect(() => expect(synth()).toKeepAddresses({ except: ["aws_lb.old"] })).toThrow(
      "aws_lb.old is excepted, but no list has it",
    );
  });
});

describe("cdktf's matchers", () => {
  test("work on stacks and scopes without a set-up of one's own", () => {
    const { app } = makeStacks();
    expect(Testing.synth(app)).toHaveResourceWithProperties(EcsService, { name: "backend-flask" });
    expect(synth().app.text).not.toHaveResourceWithProperties(EcsService, { name: "orders" });
    expect(Testing.synthScope((scope) => new EcrRepository(scope, "one", { name: "one" }))).toHaveResource(
      EcrRepository,
    );
  });
});

// Each declares tests of its own.
describe("the examples of docs/testing.md", () => {
  for (const heading of ["An example", "cdktf's own matchers", "Addresses that must stay"]) {
    runPasted(documentedCode(heading, "testing.md"), "__tests__/additions");
  }
});
