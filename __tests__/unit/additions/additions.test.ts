import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { Construct } from "constructs";
import type { AppStack } from "../../../stacks/app";
import { makeStacks, synth, synthStack } from "../../../tools/testing";
import { documentedCode, runPasted } from "../../support/pasted";

type AppAdditions = new (app: AppStack) => Construct;

describe("the examples of docs/additions.md", () => {
  const code = documentedCode("Adding a resource", "additions.md");
  const { AppAdditions } = runPasted(code, "additions") as { AppAdditions: AppAdditions };
  const [before, after] = [synth(), synth({ additions: { app: AppAdditions } })];

  test("add a resource, and change nothing that is there", () => {
    const address = "aws_cloudwatch_metric_alarm.database_storage";
    expect(after.resource(address).dimensions).toEqual({
      DBInstanceIdentifier: "${aws_db_instance.cruddur.identifier}",
    });
    const { [address.split(".")[0] ?? ""]: _, ...rest } = after.app.json.resource;
    expect({ ...after.app.json, resource: rest }).toEqual(before.app.json);
    expect(after.network.json).toEqual(before.network.json);
    expect(after).toKeepAddresses();
  });

  test("add a resource that reads a file", () => {
    const { AppAdditions: WithFile } = runPasted(documentedCode("Adding a file", "additions.md"), "additions") as {
      AppAdditions: AppAdditions;
    };
    const policy = synth({ additions: { app: WithFile } }).resource("aws_iam_policy.team");
    expect(policy.policy).toBe('${file("${path.module}/policy.json")}');
  });

  test("change arguments of what is there", () => {
    const statements = documentedCode("Changing an argument", "additions.md");
    const { app } = makeStacks();
    new Function("app", statements)(app);
    const changed = synthStack(app);
    expect(changed.resource("aws_db_instance.cruddur").allocated_storage).toBe(40);
    expect(changed.resource("aws_ecs_service.backend_flask").enable_ecs_managed_tags).toBe(true);
  });

  test("change arguments by address, and leave out what nothing refers to", () => {
    const code = documentedCode("Changing an argument by address", "additions.md");
    const { AppAdditions } = runPasted(code, "additions") as { AppAdditions: AppAdditions };
    const changed = synth({ additions: { app: AppAdditions } });
    expect(changed.resource("aws_db_instance.cruddur")).toMatchObject({
      tags: { "cost.center": "12" },
      lifecycle: { ignore_changes: ["allocated_storage"], prevent_destroy: true },
    });
    expect(changed.app.json.resource).not.toHaveProperty("aws_xray_group");
  });
});

test("a team's additions are held to the address rule", () => {
  class Nameless extends Construct {
    constructor(app: AppStack) {
      super(app, "Additions");
      new EcrLifecyclePolicy(this, "Policy", { repository: "envoy", policy: "{}" });
    }
  }
  expect(() => synth({ additions: { app: Nameless } })).toThrow("app/Additions/Policy has no Terraform name");
});
