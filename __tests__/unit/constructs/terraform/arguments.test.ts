import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Testing } from "cdktf";
import { Construct } from "constructs";
import { AddressedStack } from "../../../../constructs/terraform/addressed-stack";
import { leaveOut, resourceAt, setArgument } from "../../../../constructs/terraform/arguments";

function stackOf(change: (scope: Construct) => void) {
  const stack = new AddressedStack(Testing.app(), "app");
  new SqsQueue(new Construct(stack, "Data"), "jobs", { name: "jobs", tags: { a: "1" } }).addOverride("list", [
    "x",
    "y",
  ]);
  new SqsQueue(stack, "mail", { name: "mail" });
  change(new Construct(stack, "Additions"));
  return JSON.parse(Testing.synth(stack)).resource.aws_sqs_queue;
}

test("an argument is set by address: names, keys with dots, lists as a whole, nothing", () => {
  const { jobs } = stackOf((scope) => {
    setArgument(scope, "aws_sqs_queue.jobs", "delay_seconds", 5);
    setArgument(scope, "aws_sqs_queue.jobs", ["tags", "a.b[0]"], "dots");
    setArgument(scope, "aws_sqs_queue.jobs", ["tags", "c"], "2");
    setArgument(scope, "aws_sqs_queue.jobs", "list", ["z"]);
    setArgument(scope, "aws_sqs_queue.jobs", "name", undefined);
    setArgument(scope, 'aws_sqs_queue.jobs["key"]', ["lifecycle", "ignore_changes"], ["tags"]);
    setArgument(scope, "aws_sqs_queue.jobs", "lifecycle", { prevent_destroy: true });
  });
  expect(jobs).toMatchObject({
    delay_seconds: 5,
    tags: { a: "1", "a.b[0]": "dots", c: "2" },
    list: ["z"],
    lifecycle: { prevent_destroy: true },
  });
  expect(jobs).not.toHaveProperty("name");
});

test("what is left out is in no file", () => {
  expect(Object.keys(stackOf((scope) => leaveOut(scope, "aws_sqs_queue.mail")))).toEqual(["jobs"]);
});

test("an address that the stack doesn't have is refused with the nearest", () => {
  stackOf((scope) => {
    expect(() => resourceAt(scope, "aws_sqs_queue.job")).toThrow(
      'The stack app has no resource "aws_sqs_queue.job": did you mean aws_sqs_queue.jobs?',
    );
    expect(() => setArgument(scope, "aws_sqs_queue.jobs", [], 1)).toThrow("an empty path");
    expect(() => setArgument(scope, "aws_sqs_queue.jobs", ["tags", "__proto__"], "x")).toThrow("can't be set");
  });
});
