import { explanation } from "../../../../operations/explain/explanation";
import { explanationText } from "../../../../operations/explain/text";
import type { Plan } from "../../../../terraform/plan";
import { planned, planOf, replaced } from "../../../support/plans";

const one = { id: "1" };
const explain = (plan: Plan) => explanation([{ name: "app", plan }]);
const replacement = (address: string, rest = {}) =>
  planned(address, { before: one, after: one, change: replaced, rest });

const holdNothing = [
  "null_resource",
  "terraform_data",
  "time_sleep",
  "time_static",
  "time_offset",
  "time_rotating",
  "local_file",
  "local_sensitive_file",
  "archive_file",
  "cloudinit_config",
  "tls_cert_request",
  "docker_image",
  "aws_acm_certificate_validation",
  "aws_ecs_task_definition",
  "aws_lambda_invocation",
];

describe.each(holdNothing)("%s holds nothing", (type) => {
  test.each([
    ["replaced", replacement(`${type}.a`)],
    [
      "replaced, new one first",
      planned(`${type}.a`, { before: one, after: one, change: { actions: ["create", "delete"] } }),
    ],
    ["destroyed", planned(`${type}.a["x.y"]`, { before: one })],
    ["in a module", replacement(`module.m["k"].module.n.${type}.a[0]`)],
    ["a deposed object", planned(`${type}.a`, { before: one, rest: { deposed: "0a1b2c3d" } })],
  ])("%s", (_what, change) => {
    const { exitCode, changes } = explain(planOf(change));
    expect([exitCode, changes[0]?.destructive, changes[0]?.consequence.downtime]).toEqual([
      2,
      false,
      expect.stringMatching(/none|unknown/),
    ]);
  });
});

test("triggers that change at every plan are told, and stop nothing", () => {
  const change = planned("null_resource.build", {
    before: { id: "1", triggers: { at: "2025-01-31T12:00:00Z" } },
    after: { triggers: {} },
    change: { ...replaced, after_unknown: { id: true, triggers: { at: true } }, replace_paths: [["triggers"]] },
  });
  const explained = explain(planOf(change));
  expect(explained.exitCode).toBe(2);
  const text = explanationText(explained);
  expect(text).toContain("app: 1 replaced or removed without loss.");
  expect(text).toContain("its provisioners and what refers to it run again");
  expect(text).not.toContain("DESTROYED");
});

describe("what looks harmless by its type alone is not", () => {
  test.each([
    ["another type in the address", planned("aws_db_instance.a", { before: one, rest: { type: "null_resource" } })],
    ["no address at all", planned("", { before: one, rest: { type: "null_resource" } })],
    [
      "an address that only begins so",
      planned("null_resource.a aws_db_instance.b", { before: one, rest: { type: "null_resource" } }),
    ],
    ["a name that every object has", planned("constructor.a", { before: one })],
    ["a key that is lost", replacement("tls_private_key.a")],
    ["a deployment of an API that is destroyed", planned("aws_api_gateway_deployment.a", { before: one })],
  ])("%s", (_what, change) => {
    expect(explain(planOf(change)).exitCode).toBe(3);
  });
});

describe("a value that Terraform makes", () => {
  const configuration = (resources: object[], outputs = {}, calls = {}): Plan["configuration"] =>
    ({ root_module: { resources, outputs, module_calls: calls } }) as Plan["configuration"];
  const refers = (to: string) => ({ password: { references: [to, "random_password"] } });
  const used: [string, Plan["configuration"], string][] = [
    [
      "by a resource",
      configuration([
        { mode: "managed", address: "aws_db_instance.db", expressions: refers("random_password.a.result") },
      ]),
      "aws_db_instance.db",
    ],
    [
      "by an output",
      configuration([], { secret: { expression: { references: ["random_password.a"] } } }),
      "output.secret",
    ],
    [
      "by a module",
      configuration([], {}, { m: { expressions: refers("random_password.a[0].result"), module: {} } }),
      "module.m",
    ],
    [
      "by for_each",
      configuration([
        { mode: "managed", address: "aws_lb.x", for_each_expression: { references: ["random_password.a.length"] } },
      ]),
      "aws_lb.x",
    ],
  ];
  test.each(used)("that is used %s is lost", (_how, plan, user) => {
    const explained = explain({ ...planOf(replacement("random_password.a")), configuration: plan });
    expect(explained.exitCode).toBe(3);
    expect(explained.changes[0]?.consequence.text).toContain(user);
  });

  test.each<[string, Plan["configuration"]]>([
    [
      "by nothing",
      configuration([{ mode: "managed", address: "aws_lb.x", expressions: refers("random_password.ab.result") }]),
    ],
    [
      "by itself alone",
      configuration([{ mode: "managed", address: "random_password.a", expressions: refers("random_password.a") }]),
    ],
  ])("that is used %s holds nothing", (_how, plan) => {
    expect(explain({ ...planOf(replacement("random_password.a")), configuration: plan }).exitCode).toBe(2);
  });

  test("in a module is looked for there", () => {
    const module = { resources: [{ mode: "managed", address: "aws_lb.x", expressions: refers("random_pet.a.id") }] };
    const plan = {
      ...planOf(replacement('module.m["k"].random_pet.a')),
      configuration: configuration([], {}, { m: { module } }),
    };
    expect(explain(plan).exitCode).toBe(3);
    const outside = configuration(
      [{ mode: "managed", address: "aws_lb.x", expressions: refers("random_pet.a") }],
      {},
      { m: { module: {} } },
    );
    expect(explain({ ...plan, configuration: outside }).exitCode).toBe(2);
  });

  test("counts as used where the plan has no configuration to tell", () => {
    expect(explain(planOf(replacement("random_id.a"))).exitCode).toBe(3);
  });
});
