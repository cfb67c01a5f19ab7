import { explanation } from "../../../../operations/explain/explanation";
import { explanationText } from "../../../../operations/explain/text";
import { planned, planOf } from "../../../support/plans";

const steady = {
  name: "web",
  desired_count: 2,
  deployment_minimum_healthy_percent: 100,
  deployment_maximum_percent: 200,
};
type Values = Record<string, unknown>;

function explained(before: Values, after: Values, both: Values = {}, unknown: Values = {}) {
  const change = planned("aws_ecs_service.web", {
    before: { ...steady, ...both, ...before },
    after: { ...steady, ...both, ...after },
    change: { after_unknown: unknown },
  });
  const result = explanation([{ name: "app", plan: planOf(change) }]);
  expect(result.exitCode).toBe(2);
  return { ...result, consequence: result.changes[0]?.consequence, text: explanationText(result) };
}

const reasonsOf = (...args: Parameters<typeof explained>) =>
  explained(...args).restarts.flatMap(({ reasons }) => reasons);
const forced = { force_new_deployment: true };

describe("force_new_deployment", () => {
  test.each<[string, Values, Values]>([
    ["the grace period", { health_check_grace_period_seconds: 0 }, { health_check_grace_period_seconds: 60 }],
    ["the number of tasks", { desired_count: 1 }, { desired_count: 2 }],
    ["ECS Exec", { enable_execute_command: false }, { enable_execute_command: true }],
    ["propagated tags", { propagate_tags: "NONE" }, { propagate_tags: "SERVICE" }],
    ["what only Terraform does", { wait_for_steady_state: false }, { wait_for_steady_state: true }],
    ["an argument of a later provider", { later: 1 }, { later: 2 }],
    [
      "the capacity providers",
      { capacity_provider_strategy: [{ weight: 1 }] },
      { capacity_provider_strategy: [{ weight: 2 }] },
    ],
  ])("that is set starts new tasks when %s changes", (_what, before, after) => {
    expect(reasonsOf(before, after, forced)).toEqual(["force_new_deployment"]);
    const { consequence, text } = explained(before, after, forced);
    expect(consequence?.text).toContain("every update of the service starts new tasks");
    expect(text).not.toContain("no new tasks");
  });

  test("the argument that starts them anyway is the reason", () => {
    const [before, after] = [{ platform_version: "1.3.0" }, { platform_version: "1.4.0" }];
    expect(reasonsOf(before, after, forced)).toEqual(["platform_version"]);
  });

  test.each<[string, Values, Values]>([
    ["tags", { tags: {}, tags_all: {} }, { tags: { a: "b" }, tags_all: { a: "b" } }],
    ["force_delete", { force_delete: false }, { force_delete: true }],
    ["timeouts", { timeouts: null }, { timeouts: { update: "5m" } }],
  ])("%s alone start none, as the provider doesn't call for them", (_what, before, after) => {
    expect(reasonsOf(before, after, forced)).toEqual([]);
  });

  test.each<[string, Values, Values, string[]]>([
    ["on", { force_new_deployment: false }, forced, ["force_new_deployment"]],
    ["on, from nothing", {}, forced, ["force_new_deployment"]],
    ["off", forced, { force_new_deployment: false }, []],
    ["off, to nothing", forced, { force_new_deployment: null }, []],
  ])("switched %s", (_what, before, after, reasons) => {
    expect(reasonsOf(before, after)).toEqual(reasons);
    const { consequence } = explained(before, after);
    expect(consequence?.text).toContain(reasons.length > 0 ? "rolling deployment" : "switched off");
  });

  test("triggers need it", () => {
    const [before, after] = [{ triggers: { at: "1" } }, { triggers: { at: "2" } }];
    expect(reasonsOf(before, after, forced)).toEqual(["triggers"]);
    expect(reasonsOf({ triggers: { at: "1" } }, { triggers: null }, forced, { triggers: true })).toEqual(["triggers"]);
    expect(reasonsOf(before, after)).toEqual([]);
    expect(explained(before, after).consequence?.text).toContain("does nothing without force_new_deployment");
  });
});

describe("what isn't known before the apply", () => {
  test.each<[string, Values, Values, Values, string[]]>([
    ["triggers, from none", { triggers: null, ...forced }, forced, { triggers: true }, ["triggers"]],
    ["triggers without the flag", { triggers: null }, {}, { triggers: true }, []],
    ["load balancers, from none", { load_balancer: null }, {}, { load_balancer: true }, ["load_balancer"]],
    [
      "a registry",
      { service_registries: [] },
      { service_registries: [{}] },
      { service_registries: [{ registry_arn: true }] },
      ["service_registries"],
    ],
    ["the task definition", { task_definition: "a:1" }, {}, { task_definition: true }, ["task_definition"]],
  ])("%s", (_what, before, after, unknown, reasons) => {
    expect(reasonsOf(before, after, {}, unknown)).toEqual(reasons);
  });

  test("the flag itself: nothing is promised", () => {
    const change = [{ enable_execute_command: false }, { enable_execute_command: true }, {}] as const;
    const { restarts, consequence } = explained(...change, { force_new_deployment: true });
    expect([restarts, consequence?.downtime, consequence?.text]).toEqual([
      [],
      "unknown",
      expect.stringContaining("isn't known yet"),
    ]);
  });

  test("the deployment controller: it stays what it was", () => {
    const before = { deployment_controller: [{ type: "CODE_DEPLOY" }], task_definition: "a:1" };
    const { restarts } = explained(before, { task_definition: "a:2" }, {}, { deployment_controller: true });
    expect(restarts).toEqual([]);
  });
});

describe("without it", () => {
  test.each<[string, Values, Values, string[]]>([
    ["load_balancer", { load_balancer: [{ container_port: 1 }] }, { load_balancer: [] }, ["load_balancer"]],
    [
      "network_configuration",
      { network_configuration: [{ subnets: ["a"] }] },
      { network_configuration: [{ subnets: ["b"] }] },
      ["network_configuration"],
    ],
    ["service_registries", { service_registries: [] }, { service_registries: [{ port: 1 }] }, ["service_registries"]],
    [
      "service connect taken out",
      { service_connect_configuration: [{ enabled: true }] },
      { service_connect_configuration: [] },
      ["service_connect_configuration"],
    ],
    ["volumes", { volume_configuration: [] }, { volume_configuration: [{ name: "v" }] }, ["volume_configuration"]],
    ["volumes taken out", { volume_configuration: [{ name: "v" }] }, { volume_configuration: [] }, []],
    [
      "VPC Lattice",
      { vpc_lattice_configurations: [] },
      { vpc_lattice_configurations: [{ port_name: "p" }] },
      ["vpc_lattice_configurations"],
    ],
    ["zones", { availability_zone_rebalancing: "DISABLED" }, { availability_zone_rebalancing: "ENABLED" }, []],
    ["circuit breaker", { deployment_circuit_breaker: [] }, { deployment_circuit_breaker: [{ enable: true }] }, []],
    ["strategy", { deployment_configuration: [] }, { deployment_configuration: [{ strategy: "BLUE_GREEN" }] }, []],
    ["placement", { placement_constraints: [] }, { placement_constraints: [{ type: "distinctInstance" }] }, []],
    ["managed tags", { enable_ecs_managed_tags: false }, { enable_ecs_managed_tags: true }, []],
  ])("%s", (_what, before, after, reasons) => {
    expect(reasonsOf(before, after)).toEqual(reasons);
    const { consequence } = explained(before, after);
    if (reasons.length === 0) expect(consequence?.text).toMatch(/^no new tasks are started for it/);
    expect(consequence?.source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\//);
  });

  test("an argument that nobody knows gets no promise", () => {
    const { consequence, restarts } = explained({ later: 1 }, { later: 2 });
    expect(restarts).toEqual([]);
    expect(consequence).toEqual({
      downtime: "unknown",
      text: expect.stringContaining("whether later starts new tasks"),
    });
  });

  test("a service without tasks any more is an outage, whatever starts new ones", () => {
    const { restarts, consequence } = explained(
      { platform_version: "1.3.0" },
      { platform_version: "1.4.0", desired_count: 0 },
    );
    expect(restarts).toEqual([]);
    expect(consequence).toMatchObject({ downtime: "outage", text: "all 2 tasks stop (desired_count 2 → 0)" });
  });

  test("more tasks and another grace period", () => {
    const { consequence } = explained(
      { health_check_grace_period_seconds: 0 },
      { health_check_grace_period_seconds: 5, desired_count: 3 },
    );
    expect(consequence?.text).toBe("1 more (desired_count 2 → 3); no new deployment is started");
  });
});

describe("another deployment controller", () => {
  const by = (type: string) => ({ deployment_controller: [{ type }] });
  const [old, now] = [{ task_definition: "a:1" }, { task_definition: "a:2" }];
  test.each([
    ["CODE_DEPLOY", "a deployment of CodeDeploy brings new ones"],
    ["EXTERNAL", "a new task set brings new ones"],
  ])("%s: AWS refuses what isn't updated so, and nothing restarts", (type, words) => {
    const { restarts, consequence } = explained(old, now, by(type));
    expect(restarts).toEqual([]);
    expect(consequence?.text).toContain(
      `AWS refuses to change task_definition of a service with the deployment controller ${type}`,
    );
    expect(consequence?.text).toContain(words);
  });

  test.each<[string, Values, Values, string]>([
    [
      "CODE_DEPLOY",
      { health_check_grace_period_seconds: 0 },
      { health_check_grace_period_seconds: 5 },
      "no new tasks are started for it",
    ],
    ["CODE_DEPLOY", { desired_count: 1 }, { desired_count: 3 }, "2 more"],
    ["CODE_DEPLOY", { deployment_maximum_percent: 200 }, { deployment_maximum_percent: 150 }, "no new tasks"],
    [
      "EXTERNAL",
      { deployment_maximum_percent: 200 },
      { deployment_maximum_percent: 150 },
      "AWS refuses to change deployment_maximum_percent",
    ],
    ["EXTERNAL", { propagate_tags: "NONE" }, { propagate_tags: "SERVICE" }, "no new tasks"],
    ["CODE_DEPLOY", forced, { force_new_deployment: false }, "switched off"],
    ["CODE_DEPLOY", { tags: {} }, { tags: { a: "b" } }, "no new tasks"],
  ])("%s: %j → %j", (type, before, after, text) => {
    const { restarts, consequence } = explained(before, after, by(type));
    expect([restarts, consequence?.text]).toEqual([[], expect.stringContaining(text)]);
  });

  test("with the flag set nothing is promised", () => {
    const { restarts, consequence } = explained(
      { desired_count: 1 },
      { desired_count: 2 },
      { ...by("CODE_DEPLOY"), ...forced },
    );
    expect([restarts, consequence?.downtime]).toEqual([[], "unknown"]);
  });

  test("ECS by name is the usual one", () => {
    expect(reasonsOf(old, now, by("ECS"))).toEqual(["task_definition"]);
  });
});

test("a strategy of a later release gets no promise", () => {
  const both = { deployment_configuration: [{ strategy: "constructor" }] };
  const { restarts } = explained({ task_definition: "a:1" }, { task_definition: "a:2" }, both);
  expect(restarts[0]?.consequence).toEqual({
    downtime: "unknown",
    text: "a deployment by the strategy constructor, which is not known here",
  });
});

describe("how new tasks come", () => {
  const [old, now] = [{ task_definition: "a:1" }, { task_definition: "a:2" }];
  test.each<[string, Values, string, string]>([
    [
      "blue/green",
      { deployment_configuration: [{ strategy: "BLUE_GREEN", bake_time_in_minutes: "5" }] },
      "none",
      "blue/green deployment: 2 tasks more start beside those that run, then the traffic shifts (at once), and the old ones stop after a bake time of 5 min",
    ],
    ["linear", { deployment_configuration: [{ strategy: "LINEAR" }] }, "none", "linear deployment"],
    ["canary", { deployment_configuration: [{ strategy: "CANARY" }] }, "none", "canary deployment"],
    [
      "rolling by name",
      { deployment_configuration: [{ strategy: "ROLLING" }] },
      "none",
      "rolling deployment of 2 tasks",
    ],

    [
      "a daemon",
      { scheduling_strategy: "DAEMON", launch_type: "EC2", desired_count: null },
      "short",
      "each container instance in its turn is without the task",
    ],
    ["EC2", { launch_type: "EC2" }, "none", "new tasks need room on the container instances"],
    ["an Auto Scaling group", { capacity_provider_strategy: [{ capacity_provider: "asg" }] }, "none", "need room"],
    [
      "a circuit breaker",
      { deployment_circuit_breaker: [{ enable: true, rollback: true }] },
      "none",
      "one that fails is rolled back",
    ],
    ["waiting", { wait_for_steady_state: true }, "none", "the apply waits until the service is steady"],
  ])("%s", (_what, both, downtime, text) => {
    const { restarts } = explained(old, now, both);
    expect(restarts[0]?.consequence).toMatchObject({ downtime, text: expect.stringContaining(text) });
    expect(restarts[0]?.consequence.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/AmazonECS\//);
  });

  test.each([
    ["Fargate", { launch_type: "FARGATE" }],
    ["Fargate Spot", { capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT" }] }],
  ])("%s has room", (_what, both) => {
    expect(explained(old, now, both).consequence?.text).not.toContain("room");
  });
});
