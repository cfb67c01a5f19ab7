import { undeclaredFindings } from "../../../../state/check/undeclared-findings";
import type { StateDocument } from "../../../../state/document";
import { JsonValue } from "../../../../state/json-bytes";
import { AddressOwners } from "../../../../state/split-state";
import { ModuleSource } from "../../../../terraform/source/module";
import { planned, planOf } from "../../../support/plans";

const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
const state: StateDocument = {
  version: 4,
  terraform_version: "",
  serial: 1,
  lineage: "",
  outputs: {},
  resources: ["kept", "removed"].map((name) => ({
    mode: "managed",
    type: "aws_sqs_queue",
    name,
    provider,
    instances: [{ json: JsonValue.of({ attributes: { name } }) }],
  })),
};

const context = { origins: new Map(), source: ModuleSource.none, relocated: new Map(), secrets: [] };

test("a name that two types have gets scopes of its own: as they stand, the lines can be pasted", () => {
  const [one] = state.resources;
  const resources = ["aws_sqs_queue", "aws_sns_topic", "aws_ecs_cluster"].map((type) => ({
    ...one,
    type,
    name: "a-b",
  }));
  const module = { ...one, module: "module.kept", name: "x" };
  const document = { ...state, resources: [...resources, ...state.resources.slice(0, 1), module] } as StateDocument;
  const found = undeclaredFindings(document, new AddressOwners([]), {}, {}, context);
  expect(found.flatMap(({ lines }) => lines).map((line) => line.replace(/, \{.*/, ""))).toEqual([
    'new EcsCluster(this, terraformName("a-b")',
    'new SnsTopic(new Construct(this, "AwsSnsTopicAB"), terraformName("a-b")',
    'new SqsQueue(new Construct(this, "AwsSqsQueueAB"), terraformName("a-b")',
    'new SqsQueue(this, "kept"',
    'new TerraformHclModule(new Construct(this, "AwsSqsQueueKept"), "kept"',
  ]);
  expect(new Set(found.flatMap(({ imports }) => imports))).toContain('import { TerraformHclModule } from "cdktf";');
});

test("what the old module's own plan destroys is to be destroyed first, and not declared", () => {
  const old = planOf(
    planned("aws_sqs_queue.removed", { before: { name: "removed" } }),
    planned("aws_sqs_queue.kept", {
      before: { name: "kept" },
      after: { name: "kept" },
      change: { actions: ["no-op"] },
    }),
  );
  const found = undeclaredFindings(state, new AddressOwners([]), { old }, {}, context);
  expect(found.map(({ address, where, lines }) => [address, where, lines])).toEqual([
    [
      "aws_sqs_queue.kept",
      'additions/network.ts or additions/app.ts, with the id "kept"',
      ['new SqsQueue(this, "kept", { … });  // the arguments of the old module'],
    ],
    ["aws_sqs_queue.removed", "the old module: apply it first, or declare it there again", []],
  ]);
});
