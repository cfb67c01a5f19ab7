import type { Declarations, Declared } from "../../../../state/check/declared";
import { relocate } from "../../../../state/check/relocations";
import type { StateDocument, StateInstance, StateResource } from "../../../../state/document";
import { JsonValue } from "../../../../state/json-bytes";
import { AddressOwners } from "../../../../state/split-state";

function instance(attributes: object, key?: string | number): StateInstance {
  const fields = { attributes, ...(key !== undefined && { index_key: key }) };
  return { json: JsonValue.of(fields), ...(key !== undefined && { index_key: key }) };
}

const resource = (given: Partial<StateResource> & { readonly name: string }): StateResource => ({
  mode: "managed",
  type: "aws_sqs_queue",
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances: [instance({ name: given.name })],
  ...given,
});

const instances = (...keys: (string | number | undefined)[]): StateInstance[] => keys.map((key) => instance({}, key));

function relocated(resources: readonly StateResource[], declared: Readonly<Record<string, Partial<Declared>>>) {
  const declarations: Declarations = new Map(
    Object.entries(declared).map(([address, given]) => [
      address,
      { stack: "app", type: address.split(".")[0] ?? "", block: {}, keys: [undefined], isReferred: false, ...given },
    ]),
  );
  const claims = [...declarations.keys()].map((address) => ({
    stack: "app",
    address,
    kind: "managed" as const,
    constructPath: "",
    ownerClass: "",
  }));
  const state = { version: 4, terraform_version: "", serial: 1, lineage: "", outputs: {}, resources } as StateDocument;
  return relocate(state, new AddressOwners(claims), declarations).relocations.map(
    ({ from, to, why }) => `${why}: ${from} → ${to}`,
  );
}

test("what went into a module, and what is there under another name", () => {
  const found = relocated(
    [
      resource({ module: 'module.mail["x.y"].module.in', name: "queue" }),
      resource({ name: "work", instances: [instance({ name: "jobs" })] }),
      resource({ name: "stays" }),
    ],
    {
      "aws_sqs_queue.queue": {},
      "aws_sqs_queue.jobs": { block: { name: "jobs" } },
      "aws_sqs_queue.stays": {},
      "aws_sns_topic.queue": {},
    },
  );
  expect(found).toEqual([
    'module: module.mail["x.y"].module.in.aws_sqs_queue.queue → aws_sqs_queue.queue',
    "name: aws_sqs_queue.work → aws_sqs_queue.jobs",
  ]);
});

test("nothing is guessed: two that fit, another name in AWS, another type, a place that is taken", () => {
  const fits = { block: { name: "jobs" } };
  const work = resource({ name: "work", instances: [instance({ name: "jobs" })] });
  expect(relocated([work, { ...work, name: "other" }], { "aws_sqs_queue.jobs": fits })).toEqual([]);
  expect(relocated([work], { "aws_sqs_queue.jobs": fits, "aws_sqs_queue.twin": fits })).toEqual([]);
  expect(relocated([work], { "aws_sqs_queue.jobs": { block: { name: "jobs2" } } })).toEqual([]);
  expect(relocated([work], { "aws_sns_topic.jobs": fits })).toEqual([]);
  expect(relocated([work, resource({ name: "jobs" })], { "aws_sqs_queue.jobs": fits })).toEqual([]);
  expect(
    relocated([resource({ module: "module.a", name: "q", instances: [instance({ name: "x" })] })], {
      "aws_sqs_queue.q": { block: { name: "y" } },
    }),
  ).toEqual([]);
  expect(relocated([work], { "aws_sqs_queue.jobs": { block: { name: "${var.name}" } } })).toEqual([]);
});

test.each<[string, (string | number | undefined)[], Declared["keys"], string[]]>([
  ["a count of one", [0], [undefined], ["key: aws_sqs_queue.x[0] → aws_sqs_queue.x"]],
  ["a key of one", ["a.b[0]"], [undefined], ['key: aws_sqs_queue.x["a.b[0]"] → aws_sqs_queue.x']],
  ["a key that the stack has", [undefined], ["a"], ['key: aws_sqs_queue.x → aws_sqs_queue.x["a"]']],
  ["another key", ["b"], ["a"], []],
  ["several", [0, 1], [undefined], []],
  ["several in the stack", [undefined], ["a", "b"], []],
  ["keys that only a plan tells", [0], undefined, []],
  ["the same", [0], [0], []],
  ["numbers as text", ["0"], [0], ['key: aws_sqs_queue.x["0"] → aws_sqs_queue.x[0]']],
  [
    "a count as a for_each",
    [0, 1],
    ["1", "0"],
    ['key: aws_sqs_queue.x[0] → aws_sqs_queue.x["0"]', 'key: aws_sqs_queue.x[1] → aws_sqs_queue.x["1"]'],
  ],
  ["numbers as text, and one more", ["0", "1"], [0], []],
])("keys: %s", (_what, held, keys, expected) => {
  expect(relocated([resource({ name: "x", instances: instances(...held) })], { "aws_sqs_queue.x": { keys } })).toEqual(
    expected,
  );
});

describe("a module that is there once for each key", () => {
  const inModule = (key: string, name = "this") =>
    resource({ module: `module.outer.module.q[${key}]`, name, instances: [instance({ name: "q" })] });
  const both = [inModule('"a.b"'), inModule('"c"')];

  test("its objects have become a resource's, key by key", () => {
    expect(relocated(both, { "aws_sqs_queue.multi": { keys: ["c", "a.b"] } })).toEqual([
      'module: module.outer.module.q["a.b"].aws_sqs_queue.this → aws_sqs_queue.multi["a.b"]',
      'module: module.outer.module.q["c"].aws_sqs_queue.this → aws_sqs_queue.multi["c"]',
    ]);
    expect(relocated([inModule("0"), inModule("1")], { "aws_sqs_queue.multi": { keys: [0, 1] } })).toEqual([
      "module: module.outer.module.q[0].aws_sqs_queue.this → aws_sqs_queue.multi[0]",
      "module: module.outer.module.q[1].aws_sqs_queue.this → aws_sqs_queue.multi[1]",
    ]);
  });

  test("nothing is guessed: other keys, two that fit, two modules, another name in AWS", () => {
    const keys = ["a.b", "c"];
    expect(relocated(both, { "aws_sqs_queue.multi": { keys: ["a.b", "d"] } })).toEqual([]);
    expect(relocated(both, { "aws_sqs_queue.multi": { keys }, "aws_sqs_queue.twin": { keys } })).toEqual([]);
    expect(
      relocated([...both, ...both.map((one) => ({ ...one, name: "dead" }))], { "aws_sqs_queue.multi": { keys } }),
    ).toEqual([]);
    expect(relocated(both, { "aws_sqs_queue.multi": { keys, block: { name: "other" } } })).toEqual([]);
  });
});
