import { Causes, forces } from "../../../../state/check/causes";
import type { Plan, PlannedChange } from "../../../../terraform/plan";
import { attributesOf } from "../../../../terraform/plan-changes";

const change = (address: string, given: Partial<PlannedChange["change"]>): PlannedChange => ({
  address,
  mode: address.startsWith("data.") ? "data" : "managed",
  type: address.split(".")[0] ?? "",
  change: { actions: ["update"], before: {}, after: {}, after_unknown: {}, ...given },
});

const configured = (address: string, expressions: Readonly<Record<string, unknown>>, depends_on?: string[]) => ({
  address,
  mode: "managed",
  expressions,
  depends_on,
});

const references = (...list: string[]) => ({ references: list });

function plan(changes: readonly PlannedChange[], resources: ReturnType<typeof configured>[], outputs = {}): Plan {
  return { resource_changes: changes, configuration: { root_module: { resources, outputs } } } as Plan;
}

/** The cause of each attribute that changes, by path. */
function causesIn(plans: { network?: Plan; app?: Plan }, address: string) {
  const causes = new Causes(plans);
  const one = plans.app?.resource_changes?.find((candidate) => candidate.address === address) as PlannedChange;
  return Object.fromEntries(
    attributesOf(one.change).map((attribute) => [attribute.path, causes.of("app", one, attribute)]),
  );
}

const unknown = { arn: true, id: true };
const replaced = change('aws_lb.x["a.b"]', {
  actions: ["delete", "create"],
  before: { name: "a", arn: "arn:a", id: "1" },
  after: { name: "b" },
  after_unknown: unknown,
  replace_paths: [["name"]],
});

test("what forces is told from what follows", () => {
  expect(
    causesIn({ app: plan([replaced], [configured("aws_lb.x", { name: { constant_value: "b" } })]) }, replaced.address),
  ).toEqual({
    name: undefined,
    arn: replaced.address,
    id: replaced.address,
  });
  expect([forces(replaced, ["name"]), forces(replaced, ["arn"]), forces(replaced, ["name", "0"])]).toEqual([
    true,
    false,
    true,
  ]);
});

test("references lead to the instance that changes, by its key", () => {
  const listener = change("aws_listener.l", {
    before: { lb: "arn:a", other: "arn:c" },
    after: {},
    after_unknown: { lb: true, other: true },
  });
  const resources = [
    configured("aws_listener.l", {
      lb: references('aws_lb.x["a.b"].arn', 'aws_lb.x["a.b"]', "aws_lb.x"),
      other: references('aws_lb.x["c"].arn', 'aws_lb.x["c"]', "aws_lb.x"),
    }),
  ];
  expect(causesIn({ app: plan([replaced, listener], resources) }, "aws_listener.l")).toEqual({
    lb: replaced.address,
    other: undefined,
  });
});

test("a known value follows only where the other's new value explains it", () => {
  const source = change("aws_lb.y", { before: { name: "old" }, after: { name: "new" } });
  const target = (before: string, after: string) =>
    change("aws_p.p", { before: { value: before }, after: { value: after } });
  const resources = [configured("aws_p.p", { value: references("aws_lb.y.name", "aws_lb.y") })];
  const cause = (before: string, after: string) =>
    causesIn({ app: plan([source, target(before, after)], resources) }, "aws_p.p").value;
  expect(cause("is old", "is new")).toBe("aws_lb.y");
  expect(cause("is old", "was new")).toBeUndefined();
  expect(cause("$& old $1", "$& new $1")).toBe("aws_lb.y");
});

test("nested blocks, through the network's outputs and data sources that wait", () => {
  const created = change("aws_sg.s", { actions: ["create"], before: null, after: {}, after_unknown: { id: true } });
  const network = plan([created], [], { group: { expression: references("aws_sg.s.id", "aws_sg.s") } });
  const service = change("aws_ecs.e", {
    before: { net: [{ groups: ["sg-1"] }], zone: "z" },
    after: { net: [{}] },
    after_unknown: { net: [{ groups: true }], zone: true },
  });
  const read = change("data.aws_zone.z", { actions: ["read"], before: null, after: {}, after_unknown: { id: true } });
  const resources = [
    configured("aws_ecs.e", {
      net: [
        {
          groups: references(
            "data.terraform_remote_state.network.outputs.group",
            "data.terraform_remote_state.network.outputs",
            "data.terraform_remote_state.network",
          ),
        },
      ],
      zone: references("data.aws_zone.z.id", "data.aws_zone.z"),
    }),
    configured("data.aws_zone.z", {}, ["aws_sg.t"]),
  ];
  const own = change("aws_sg.t", { before: { name: "a" }, after: { name: "b" } });
  expect(causesIn({ network, app: plan([service, read, own], resources) }, "aws_ecs.e")).toEqual({
    "net.0.groups": "aws_sg.s",
    zone: "aws_sg.t",
  });
});

test("tags_all follows from tags; an empty text that was never set is nothing", () => {
  const one = change("aws_q.q", {
    before: { tags: { a: "1" }, tags_all: { a: "1", b: "2" }, policy: "", name: "x" },
    after: { tags: { a: "2" }, tags_all: { a: "2" }, policy: null, name: null },
  });
  expect(causesIn({ app: plan([one], [configured("aws_q.q", {})]) }, "aws_q.q")).toEqual({
    "tags.a": undefined,
    "tags_all.a": "aws_q.q",
    "tags_all.b": undefined,
    policy: "aws_q.q",
    name: undefined,
  });
});
