import { explanation } from "../../../../operations/explain/explanation";
import type { Plan } from "../../../../terraform/plan";
import { type Crafted, planned, planOf, replaced } from "../../../support/plans";

const explain = (plan: Plan) => explanation([{ name: "app", plan }]);
const explainOne = (address: string, crafted: Crafted) => {
  const { changes, exitCode } = explain(planOf(planned(address, crafted)));
  return { ...changes[0], exitCode };
};

describe("what is destructive", () => {
  const one = { id: "1" };
  test.each([
    ["a new object", "aws_lb.a", { after: one }, "create", 2],
    ["an update", "aws_lb.a", { before: one, after: { id: "2" } }, "update", 2],
    ["nothing", "aws_lb.a", { before: one, after: one, change: { actions: ["no-op"] } }, undefined, 0],
    ["a destruction", "aws_lb.a", { before: one }, "destroy", 3],
    ["a replacement", "aws_lb.a", { before: one, after: one, change: replaced }, "replace", 3],
    [
      "a replacement, new one first",
      "aws_lb.a",
      { before: one, after: one, change: { actions: ["create", "delete"] } },
      "replace",
      3,
    ],
    ["a replacement of an unknown type", "acme_thing.a", { before: one, after: one, change: replaced }, "replace", 3],
    ["a destruction in a module", 'module.x["y"].module.z.aws_lb.a[0]', { before: one }, "destroy", 3],
    ["a deposed object", "aws_lb.a", { before: one, rest: { deposed: "00000001" } }, "destroy", 3],
    ["a new revision", "aws_ecs_task_definition.a", { before: one, after: one, change: replaced }, "revision", 2],
    ["a destroyed revision", "aws_ecs_task_definition.a", { before: one }, "destroy", 2],
    ["a certificate's waiting, destroyed", "aws_acm_certificate_validation.a", { before: one }, "destroy", 2],
    ["an image on this machine, destroyed", "docker_image.a", { before: one }, "destroy", 2],
    [
      "a certificate's waiting, replaced",
      "aws_acm_certificate_validation.a",
      { before: one, after: one, change: replaced },
      "replace",
      2,
    ],
    [
      "a pushed image that is kept",
      "docker_registry_image.a",
      { before: { keep_remotely: true }, after: one, change: replaced },
      "replace",
      2,
    ],
    [
      "a pushed image that is deleted",
      "docker_registry_image.a",
      { before: one, after: one, change: replaced },
      "replace",
      3,
    ],
    ["a forgotten object", "aws_lb.a", { before: one, change: { actions: ["forget"] } }, "forget", 2],
    [
      "a forgotten object with a new one",
      "aws_lb.a",
      { before: one, after: one, change: { actions: ["create", "forget"] } },
      "create",
      2,
    ],
    [
      "an action of a later release",
      "aws_lb.a",
      { before: one, after: one, change: { actions: ["renew"] } },
      "unknown",
      2,
    ],
    [
      "a data source that is read",
      "data.aws_vpc.a",
      { after: one, change: { actions: ["read"] }, rest: { mode: "data", type: "aws_vpc" } },
      undefined,
      0,
    ],
  ] as const)("%s", (_what, address, crafted, action, exitCode) => {
    expect(explainOne(address, crafted as Crafted)).toMatchObject(
      action === undefined ? { exitCode } : { action, exitCode },
    );
    expect(explainOne(address, crafted as Crafted).action).toBe(action);
  });
});

test("what holds data comes first, then what others know by name", () => {
  const gone = { before: { id: "1" } };
  const addresses = ["aws_iam_role.a", "aws_lb.a", "aws_db_instance.a", "acme_thing.a"];
  const plan = planOf(...addresses.map((address) => planned(address, gone)), planned("aws_sqs_queue.b", { after: {} }));
  const { changes } = explain(plan);
  expect(changes.map(({ address }) => address)).toEqual([
    "aws_db_instance.a",
    "aws_lb.a",
    "aws_iam_role.a",
    "acme_thing.a",
    "aws_sqs_queue.b",
  ]);
  expect(changes.map(({ stateful }) => stateful)).toEqual([true, false, false, false, true]);
});

test.each([
  "aws_db_instance",
  "aws_dynamodb_table",
  "aws_cognito_user_pool",
  "aws_cognito_user_pool_client",
  "aws_ecr_repository",
  "aws_ssm_parameter",
  "aws_route53_zone",
])("the loss of an %s is told with its source", (type) => {
  const { consequence, stateful } = explainOne(`${type}.a`, { before: { id: "1" } });
  expect(stateful).toBe(true);
  expect(consequence).toEqual({
    downtime: "outage",
    text: expect.any(String),
    source: expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//),
  });
});

test("a database without a final snapshot is told so", () => {
  expect(explainOne("aws_db_instance.a", { before: { skip_final_snapshot: true } }).consequence?.text).toContain(
    "no final snapshot",
  );
  expect(explainOne("aws_db_instance.a", { before: {} }).consequence?.text).toContain("a final snapshot is taken");
});

describe("a database that is changed in place", () => {
  test.each([
    [{ instance_class: "a" }, { instance_class: "b" }, "short", "in the next maintenance window"],
    [{ engine_version: "14.6" }, { engine_version: "14.12", apply_immediately: true }, "short", "right at the apply"],
    [{ port: 1 }, { port: 2 }, "short", "port: RDS restarts the database"],
    [{ backup_retention_period: 0 }, { backup_retention_period: 7 }, "short", "backup_retention_period"],
    [{ backup_retention_period: 3 }, { backup_retention_period: 7 }, "none", "the database goes on"],
    [{ allocated_storage: 20 }, { allocated_storage: 40 }, "none", "the database goes on"],
    [{ parameter_group_name: "a" }, { parameter_group_name: "b" }, "none", "wait for a reboot"],
  ])("%p → %p", (before, after, downtime, text) => {
    expect(explainOne("aws_db_instance.a", { before, after }).consequence).toMatchObject({
      downtime,
      text: expect.stringContaining(text),
    });
  });
});

describe("restarts", () => {
  const containers = (image: string) => JSON.stringify([{ name: "web", image }]);
  const revision = (before: object = {}, after: object = {}, change: object = {}) =>
    planned("aws_ecs_task_definition.web", {
      before: {
        arn: "arn:1",
        family: "web",
        revision: 1,
        container_definitions: containers("web:1"),
        cpu: "256",
        ...before,
      },
      after: { family: "web", container_definitions: containers("web:2"), cpu: "256", ...after },
      change: {
        ...replaced,
        after_unknown: { arn: true, revision: true },
        replace_paths: [["container_definitions"]],
        ...change,
      },
    });
  const service = (before: object = {}, after: object = {}, unknown: object = { task_definition: true }) =>
    planned("aws_ecs_service.web", {
      before: {
        name: "web",
        task_definition: "arn:1",
        desired_count: 1,
        deployment_minimum_healthy_percent: 100,
        ...before,
      },
      after: { name: "web", desired_count: 1, deployment_minimum_healthy_percent: 100, ...after },
      change: { after_unknown: unknown },
    });

  test("a service takes up the new revision of its task definition", () => {
    const { restarts, exitCode } = explain(planOf(revision({}, { cpu: "512" }), service()));
    expect(exitCode).toBe(2);
    expect(restarts).toMatchObject([
      {
        service: "web",
        reasons: ["task_definition"],
        taskDefinitionAddress: "aws_ecs_task_definition.web",
        taskDefinition: [{ path: "cpu", before: "256", after: "512" }],
        containers: [{ container: "web", differences: ["image web:1 → web:2"] }],
        consequence: { downtime: "none", text: expect.stringContaining("rolling deployment of 1 task:") },
      },
    ]);
  });

  test.each(["web", "web:1", "arn:bare"])("it finds the task definition under %s", (task_definition) => {
    const { restarts } = explain(planOf(revision({ arn_without_revision: "arn:bare" }), service({ task_definition })));
    expect(restarts[0]?.containers).toHaveLength(1);
  });

  test("another service's revision is not its own", () => {
    const { restarts } = explain(planOf(revision(), service({ task_definition: "arn:2" })));
    expect(restarts).toMatchObject([{ service: "web", containers: [] }]);
  });

  test("what the plan can't tell is told so", () => {
    const unknown = revision(
      {},
      { container_definitions: undefined },
      { after_unknown: { container_definitions: true } },
    );
    expect(explain(planOf(unknown, service())).restarts[0]?.containers).toEqual([
      { container: "(all)", differences: [expect.stringContaining("known after apply")] },
    ]);
  });

  test("sensitive container definitions are told by name", () => {
    const secret = revision({}, {}, { before_sensitive: { container_definitions: true } });
    expect(explain(planOf(secret, service())).restarts[0]?.containers).toEqual([
      { container: "web", differences: ["image changed"] },
    ]);
  });

  test.each([
    [{ desired_count: 0 }, "none", "no task runs"],
    [{ desired_count: 4, deployment_minimum_healthy_percent: 50 }, "none", "as few as 2 of 4 tasks"],
    [{ desired_count: 4, deployment_minimum_healthy_percent: 0 }, "short", "may stop all"],
    [{ desired_count: 1, deployment_maximum_percent: 100 }, "unknown", "neither stop an old task nor start a new one"],
    [{ desired_count: null, deployment_minimum_healthy_percent: null }, "none", "1 task:"],
  ])("with %p", (values, downtime, text) => {
    const { restarts } = explain(planOf(revision(), service(values, values)));
    expect(restarts[0]?.consequence).toMatchObject({ downtime, text: expect.stringContaining(text) });
  });

  test.each([
    ["network_configuration", [{ subnets: ["a"] }], [{ subnets: ["b"] }], true],
    ["load_balancer", [], [{ container_port: 80 }], true],
    ["service_connect_configuration", [{ enabled: true }], [{ enabled: false }], true],
    ["force_new_deployment", false, true, true],
    ["desired_count", 1, 2, false],
    ["enable_execute_command", false, true, false],
    ["deployment_minimum_healthy_percent", 100, 50, false],
    ["tags", {}, { a: "b" }, false],
  ])("a changed %s starts new tasks: %#", (name, before, after, restarts) => {
    const explained = explain(planOf(service({ [name]: before }, { [name]: after, task_definition: "arn:1" }, {})));
    expect(explained.restarts.map(({ reasons }) => reasons)).toEqual(restarts ? [[name]] : []);
    expect(explained.exitCode).toBe(2);
  });

  test("no task left is an outage", () => {
    const { changes } = explain(planOf(service({}, { desired_count: 0, task_definition: "arn:1" }, {})));
    expect(changes[0]?.consequence).toMatchObject({
      downtime: "outage",
      text: "all 1 tasks stop (desired_count 1 → 0)",
    });
  });

  test("a changed parameter tells who goes on with the old value", () => {
    const reader = planned("aws_ecs_task_definition.web", {
      before: {
        family: "web",
        container_definitions: JSON.stringify([{ name: "w", secrets: [{ name: "K", valueFrom: "arn:k" }] }]),
      },
      after: {
        family: "web",
        container_definitions: JSON.stringify([{ name: "w", secrets: [{ name: "K", valueFrom: "arn:k" }] }]),
      },
      change: { actions: ["no-op"] },
    });
    const parameter = planned("aws_ssm_parameter.k", {
      before: { arn: "arn:k", name: "/k", value: "a" },
      after: { arn: "arn:k", name: "/k", value: "b" },
    });
    const { changes } = explain(planOf(reader, parameter));
    expect(changes[0]?.consequence.text).toContain("read by web: running tasks keep the old value");
  });
});

describe("attributes", () => {
  test("of a replacement, what forces it and what really differs", () => {
    const { attributes } = explainOne("aws_lb_target_group.a", {
      before: { arn: "x", port: 1, tags: {}, name: "a" },
      after: { port: 2, tags: null, name: "b" },
      change: { ...replaced, after_unknown: { arn: true }, replace_paths: [["port"]] },
    });
    expect(attributes).toEqual([
      { path: "port", before: 1, after: 2, forcesReplacement: true },
      { path: "name", before: "a", after: "b", forcesReplacement: false },
    ]);
  });

  test("why, where no attribute tells", () => {
    const because = (action_reason: string) => explainOne("aws_lb.a", { before: {}, rest: { action_reason } }).reason;
    expect(because("delete_because_each_key")).toBe("for_each no longer has its key");
    expect(because("something_new")).toBe("something new");
    expect(because("replace_because_cannot_update")).toBeUndefined();
  });

  test("tags alone harm nobody, an unknown type gets no promise", () => {
    const [before, after] = [{ tags: {} }, { tags: { a: "b" } }];
    expect(explainOne("acme_thing.a", { before, after }).consequence).toEqual({ downtime: "none", text: "only tags" });
    expect(explainOne("acme_thing.a", { before: { x: 1 }, after: { x: 2 } }).consequence?.downtime).toBe("unknown");
  });
});

describe("what else a plan says", () => {
  const same = { before: { id: "1" }, after: { id: "1" } };
  test("moves and imports change the state alone", () => {
    const noOp = { actions: ["no-op"] as const };
    const moved = explain(
      planOf(planned("aws_lb.b", { ...same, change: noOp, rest: { previous_address: "aws_lb.a" } })),
    );
    expect([moved.moved, moved.changes, moved.exitCode]).toEqual([
      [{ plan: "app", address: "aws_lb.b", detail: "from aws_lb.a" }],
      [],
      2,
    ]);
    const imported = explain(planOf(planned("aws_lb.b", { ...same, change: { ...noOp, importing: { id: "x" } } })));
    expect([imported.imported.length, imported.exitCode]).toEqual([1, 2]);
  });

  test("outputs alone are a change", () => {
    const { outputs, exitCode } = explain({
      output_changes: { a: { actions: ["create"] }, b: { actions: ["no-op"] } },
    });
    expect([outputs, exitCode]).toEqual([[{ plan: "app", address: "output.a", detail: "new" }], 2]);
  });

  test("a refresh changes the state alone, and a plan without changes nothing", () => {
    expect(explain({ applyable: true })).toMatchObject({
      exitCode: 2,
      notes: [expect.stringContaining("bring the state up to date")],
    });
    expect(explain({ applyable: false })).toMatchObject({ exitCode: 0, notes: [] });
  });

  test("what others have changed is told, and is no change", () => {
    const plan: Plan = {
      resource_drift: [
        planned("aws_lb.gone", { before: { id: "1" } }),
        planned("aws_lb.a", {
          before: { internal: true, tags: null, status: "a" },
          after: { internal: "x", tags: {}, status: "b" },
        }),
        planned("aws_lb.empty", { before: { tags: null }, after: { tags: {} } }),
      ],
      configuration: {
        root_module: { resources: [{ mode: "managed", address: "aws_lb.a", expressions: { internal: {}, tags: {} } }] },
      },
    };
    const { drift, exitCode } = explain(plan);
    expect([drift, exitCode]).toEqual([
      [
        { plan: "app", address: "aws_lb.gone", detail: "is gone" },
        { plan: "app", address: "aws_lb.a", detail: "internal" },
      ],
      0,
    ]);
  });

  test("outputs that another plan has read make that plan stale", () => {
    const network: Plan = { output_changes: { a: { actions: ["update"] } } };
    const app: Plan = {
      configuration: { root_module: { resources: [{ mode: "data", address: "data.terraform_remote_state.network" }] } },
    };
    const { notes } = explanation([
      { name: "network", plan: network },
      { name: "app", plan: app },
    ]);
    expect(notes).toEqual([
      "The outputs of network change, and app was planned with the old ones: plan it again when network is applied.",
    ]);
    expect(
      explanation([
        { name: "network", plan: {} },
        { name: "app", plan: app },
      ]).notes,
    ).toEqual([]);
  });

  test("deferred changes are told as such", () => {
    const { deferred, exitCode } = explain({ deferred_changes: [{}, {}] });
    expect([deferred.length, exitCode]).toEqual([2, 2]);
  });
});
