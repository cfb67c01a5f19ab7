import { unfinishedFindings } from "../../../../state/check/state-findings";
import { parseState } from "../../../../state/document";
import { refuseUnfinished } from "../../../../state/refusals";
import { AddressOwners } from "../../../../state/split-state";
import { ModuleSource } from "../../../../terraform/source/module";

const context = { origins: new Map(), source: ModuleSource.none, relocated: new Map(), secrets: [] };
const provider = 'provider["registry.terraform.io/hashicorp/aws"]';

function stateOf(instance: object, mode = "managed") {
  const resources = [{ mode, type: "aws_sqs_queue", name: "jobs", provider, instances: [instance] }];
  const head = { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "l", outputs: {} };
  return parseState(JSON.stringify({ ...head, resources }), "it");
}

test.each([
  [
    "tainted",
    { status: "tainted", attributes: { id: "a" } },
    "would replace it",
    "terraform untaint aws_sqs_queue.jobs",
  ],
  ["deposed", { deposed: "abcd1234", attributes: { id: "a" } }, "would destroy it", undefined],
  ["without attributes", {}, "would create it anew", "terraform state rm aws_sqs_queue.jobs"],
  ["without attributes", { attributes: null }, "would create it anew", "terraform state rm aws_sqs_queue.jobs"],
  ["without attributes", { attributes: {} }, "would create it anew", "terraform state rm aws_sqs_queue.jobs"],
  ["without attributes", { attributes: "{}" }, "would create it anew", "terraform state rm aws_sqs_queue.jobs"],
])("an object that is %s is told, and keeps the state from being split: %j", (what, instance, consequence, line) => {
  const state = stateOf(instance);
  const [found, ...others] = unfinishedFindings(state, new AddressOwners([]), {}, context);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ kind: "unfinished object", consequence: expect.stringContaining(consequence) });
  expect(found?.detail).toContain(what);
  expect(found?.lines[0]).toBe(line);
  expect(() => refuseUnfinished(state)).toThrow(/unfinished objects: aws_sqs_queue\.jobs/);
});

test.each([
  ["attributes", { attributes: { id: "a" } }, "managed"],
  ["an old format's attributes", { attributes_flat: { id: "a" } }, "managed"],
  ["nothing, of a data source", {}, "data"],
])("an object with %s is none of them", (_what, instance, mode) => {
  const state = stateOf(instance, mode);
  expect(unfinishedFindings(state, new AddressOwners([]), {}, context)).toEqual([]);
  refuseUnfinished(state);
});
