import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressLines, lostAddresses, readAddresses } from "../../../../tools/testing/kept-addresses";

const kept = (address: string, stack = "app") => [{ stack, address }];
const app = (resource: object, more: object = {}) => ({ app: { resource, ...more } as never, network: {} });

describe("an address is kept", () => {
  test.each([
    ["without a key by a single resource", "aws_sqs_queue.jobs", app({ aws_sqs_queue: { jobs: {} } })],
    [
      "with a key of a list",
      'aws_sqs_queue.jobs["a b"]',
      app({ aws_sqs_queue: { jobs: { for_each: '${toset(["a b"])}' } } }),
    ],
    ["with a key of a map", 'aws_sqs_queue.jobs["a"]', app({ aws_sqs_queue: { jobs: { for_each: { a: 1 } } } })],
    [
      "with a key that only Terraform knows",
      'aws_sqs_queue.jobs["a"]',
      app({ aws_sqs_queue: { jobs: { for_each: "${var.x}" } } }),
    ],
    ["with an index", "aws_sqs_queue.jobs[1]", app({ aws_sqs_queue: { jobs: { count: 2 } } })],
    [
      "by a moved block",
      "aws_sqs_queue.old",
      app({ aws_sqs_queue: { jobs: {} } }, { moved: [{ from: "aws_sqs_queue.old", to: "aws_sqs_queue.jobs" }] }),
    ],
    ["in a module that is there", "module.queues.aws_sqs_queue.jobs", app({}, { module: { queues: {} } })],
  ])("%s", (_how, address, stacks) => {
    expect(lostAddresses(kept(address), stacks)).toEqual([]);
  });
});

describe("an address is lost", () => {
  test.each([
    ["with its resource", "aws_sqs_queue.old", app({})],
    ["to a key", "aws_sqs_queue.jobs", app({ aws_sqs_queue: { jobs: { for_each: "${var.x}" } } })],
    ["without its key", 'aws_sqs_queue.jobs["a"]', app({ aws_sqs_queue: { jobs: {} } })],
    ["with its key", 'aws_sqs_queue.jobs["a"]', app({ aws_sqs_queue: { jobs: { for_each: '${toset(["b"])}' } } })],
    ["with its index", "aws_sqs_queue.jobs[2]", app({ aws_sqs_queue: { jobs: { count: 2 } } })],
    [
      "by a moved block that leads nowhere",
      "aws_sqs_queue.old",
      app({}, { moved: [{ from: "aws_sqs_queue.old", to: "aws_sqs_queue.jobs" }] }),
    ],
    ["with its module", "module.queues.aws_sqs_queue.jobs", app({})],
  ])("%s", (_how, address, stacks) => {
    expect(lostAddresses(kept(address), stacks)).toEqual([`${address} (app)`]);
  });

  test("to the other stack, which is another state", () => {
    expect(lostAddresses(kept("aws_sqs_queue.jobs", "network"), app({ aws_sqs_queue: { jobs: {} } }))).toEqual([
      "aws_sqs_queue.jobs (network): it is in the stack app now, another state",
    ]);
  });

  test("to another name, which is told", () => {
    const list = [...kept("aws_sqs_queue.old"), ...kept("aws_sqs_queue.jobs")];
    expect(lostAddresses(list, app({ aws_sqs_queue: { jobs: {}, fresh: {} } }))).toEqual([
      "aws_sqs_queue.old (app): new of its type is aws_sqs_queue.fresh",
    ]);
  });
});

test("a list reads as it is written, and is empty where there is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "addresses-"));
  try {
    const list = [...kept('aws_sqs_queue.jobs["a b"]'), ...kept("aws_sqs_queue.jobs", "network")];
    writeFileSync(join(folder, "list"), addressLines(list));
    expect(readAddresses(join(folder, "list"))).toEqual(list);
    expect(readAddresses(join(folder, "none"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
