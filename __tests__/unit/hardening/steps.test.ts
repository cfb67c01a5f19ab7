import { existsSync } from "node:fs";
import { join } from "node:path";
import { requestPath } from "../../../envoy/options";
import { levelOf, steps } from "../../../hardening/steps";
import { project } from "../../../lib/project";
import { backendAuthz } from "../../../services/backend-authz";
import { envoySettings } from "../../../settings/envoy";
import { hardeningStepNames } from "../../../settings/hardening";
import { settingsSchema } from "../../../settings/schema";
import { synth } from "../../../tools/testing";
import { documentedRows } from "../../support/documented-tables";
import type { Restricted } from "../../support/engine/task-restrictions";

const all = Object.values(steps);

test("each step is a file by its name, in the folder of its level", () => {
  expect(Object.keys(steps)).toEqual(hardeningStepNames);
  for (const step of all) {
    const file = `${step.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
    expect([step.name, existsSync(join(project, "hardening", `level-${levelOf(step)}`, file))]).toEqual([
      step.name,
      true,
    ]);
  }
});

test("each step says what it does in sentences, names checks once, and comes after the one that it follows", () => {
  for (const { name, follows } of all) {
    if (follows !== undefined)
      expect(hardeningStepNames.indexOf(follows)).toBeLessThan(hardeningStepNames.indexOf(name));
  }
  for (const { name, sets, effect, costWhy, needs, back } of all) {
    for (const text of [sets, effect, costWhy, needs, back])
      expect([name, text ?? "."]).toEqual([name, expect.stringMatching(/\.$|\)\.$/)]);
  }
  const closes = all.flatMap((step) => step.closes ?? []);
  expect(closes).toEqual([...new Set(closes)]);
});

test("the table of docs/hardening.md has each step as its file has it", () => {
  expect(documentedRows("The steps", "hardening.md")).toEqual(
    all.map((step) => [step.name, String(levelOf(step)), step.sets, step.cost, step.closes?.join(", ") ?? "none"]),
  );
});

test("so has the one of how to go back, for those where leaving the step out is not all", () => {
  const rows = all.flatMap(({ name, back }) => (back === undefined ? [] : [[name, back]]));
  expect(documentedRows("Going back", "hardening.md")).toEqual(rows.map(([name = "", back]) => [name, back]));
});

describe("level 1", () => {
  const { network, app } = synth({ settings: { hardening: { level: 1 } } });

  test("protects what is there, and moves no address", () => {
    const plain = synth();
    expect(network.managed()).toEqual(plain.network.managed());
    expect(app.managed()).toEqual([...plain.app.managed(), "aws_iam_role.rds_monitoring"].sort());
    expect(network.resource("aws_lb.cruddur_backend_lb")).toMatchObject({
      enable_deletion_protection: true,
      drop_invalid_header_fields: true,
    });
    expect(app.resource("aws_db_instance.cruddur")).toMatchObject({
      backup_retention_period: 7,
      ca_cert_identifier: "rds-ca-rsa2048-g1",
      deletion_protection: true,
      final_snapshot_identifier: "cruddur-db-instance-final",
      iam_database_authentication_enabled: true,
      monitoring_role_arn: "${aws_iam_role.rds_monitoring.arn}",
      skip_final_snapshot: false,
    });
    expect(app.resource("aws_ecr_repository.repo").image_scanning_configuration).toEqual({ scan_on_push: true });
    expect(app.resource("aws_dynamodb_table.cruddur_messages_table").point_in_time_recovery).toEqual({ enabled: true });
    expect(app.resource("aws_ecs_service.backend_flask").deployment_circuit_breaker).toEqual({
      enable: true,
      rollback: true,
    });
  });

  test("keeps logs for at least a year", () => {
    const days = (settings: object) =>
      synth({ settings: { hardening: { level: 1 }, ...settings } }).app.resource("aws_cloudwatch_log_group.cruddur")
        .retention_in_days;
    expect([days({}), days({ logs: { retentionDays: 731 } })]).toEqual([365, 731]);
  });
});

test("a step's own setting goes before the level, and additions before both", () => {
  const steps = { deletionProtection: false, circuitBreaker: true };
  const { app } = synth({ settings: { hardening: { level: 1, steps } } });
  expect(app.resource("aws_db_instance.cruddur").deletion_protection).toBe(false);
  const alone = synth({ settings: { hardening: { steps } } }).app;
  expect(alone.resource("aws_ecs_service.backend_flask").deployment_circuit_breaker).toBeDefined();
  expect(alone.resource("aws_db_instance.cruddur").backup_retention_period).toBeUndefined();
});

const ready = {
  hardening: {
    level: 2,
    accessLogsBucket: "team-logs",
    firewallLogsBucket: "aws-waf-logs-team",
    tasksReach: "nat",
    steps: { immutableTags: false },
  },
};

describe("level 2", () => {
  test("is refused while a step would be an outage, with what to do, all at once", () => {
    const refused = () => synth({ settings: { hardening: { level: 2 } } });
    for (const words of [
      /accessLogs: .*hardening\.accessLogsBucket/,
      /privateTasks: .*hardening\.tasksReach/,
      /immutableTags: .*images\.deploy to "hash"/,
    ])
      expect(refused).toThrow(words);
  });

  test("changes no address of what is there, and takes none away", () => {
    const plain = synth({ settings: { hardening: { level: 1 } } });
    const { network, app } = synth({ settings: ready });
    expect(network.managed()).toEqual(expect.arrayContaining(plain.network.managed()));
    expect(app.managed()).toEqual(expect.arrayContaining(plain.app.managed()));
    expect(network.resource("aws_lb.cruddur_backend_lb").access_logs.bucket).toBe("team-logs");
    expect(app.resource("aws_ecs_service.backend_flask").network_configuration.assign_public_ip).toBe(false);
    expect(app.resource("aws_dynamodb_table.cruddur_messages_table").lifecycle).toEqual({
      ignore_changes: ["read_capacity", "write_capacity"],
      prevent_destroy: true,
    });
  });

  test("shares one parameter group among the steps that set parameters, and takes none from a database that has its own", () => {
    const parameters = (steps: object) =>
      synth({ settings: { hardening: { steps } } }).app.resource("aws_db_parameter_group.cruddur").parameter;
    const tls = { name: "rds.force_ssl", value: "1" };
    expect(parameters({ databaseTls: true })).toEqual([tls]);
    expect(parameters({ databaseParameters: true, databaseTls: true })).toEqual([
      { name: "log_statement", value: "ddl" },
      { name: "log_min_duration_statement", value: "1000" },
      tls,
    ]);
    const database = { parameterGroup: "own" };
    expect(synth({ settings: { database } }).app.resource("aws_db_instance.cruddur").parameter_group_name).toBe("own");
    expect(() => synth({ settings: { database, hardening: { steps: { databaseTls: true } } } })).toThrow(
      /databaseTls: .* group own of database\.parameterGroup/,
    );
  });

  test("logs what the firewall sees, without tokens, and only where there is one", () => {
    const { network } = synth({ settings: ready });
    expect(network.resource("aws_wafv2_web_acl_logging_configuration.cruddur")).toMatchObject({
      log_destination_configs: ["arn:aws:s3:::aws-waf-logs-team"],
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
    });
    const alone = { ...ready.hardening, level: 0, steps: { firewallLog: true } };
    expect(() => synth({ settings: { hardening: alone } })).toThrow(/firewallLog: .*without webFirewall/);
  });

  test("lets the load balancer reach each port of the tasks, and nobody call all ports anywhere", () => {
    const { network } = synth({ settings: ready });
    const egress = (name: string) => network.resource(`aws_security_group.${name}`).egress;
    expect(egress("alb_sg").map((rule: { from_port: number }) => rule.from_port)).toEqual([80, 4318, 8800, 13133]);
    expect(egress("rds")).toEqual([]);
  });
});

const hardest = { images: { deploy: "hash" }, hardening: { ...ready.hardening, level: 3 } };

describe("level 3", () => {
  const { network, app } = synth({ settings: hardest });
  const task = (service: string) => app.resource(`aws_ecs_task_definition.${service}`);
  const services = ["backend_flask", "backend_authz", "frontend_react_js", "otel_collector"];
  const containers = services.flatMap((name) => task(name).container_definitions as readonly Restricted[]);
  const container = (wanted: string) => containers.find(({ name }) => name === wanted);

  test("changes no address of what is there, and takes none away", () => {
    const plain = synth({ settings: { hardening: { ...ready.hardening } } });
    const more = (one: typeof app, other: typeof app) =>
      one.managed().filter((name) => !other.managed().includes(name));
    expect([more(plain.network, network), more(plain.app, app)]).toEqual([[], []]);
    expect(more(network, plain.network)).toEqual([]);
    expect(more(app, plain.app)).toEqual([
      ...services.map((name) => `aws_iam_role.${name}`).sort(),
      "aws_security_group.cruddur_beside_sg",
    ]);
  });

  test("makes each root read-only, and mounts what is written to", () => {
    expect(containers.filter(({ readonlyRootFilesystem }) => readonlyRootFilesystem !== true)).toEqual([]);
    const mounts = (service: string) => [
      task(service).volume,
      (task(service).container_definitions as readonly Restricted[]).map(({ mountPoints }) => mountPoints),
    ];
    const tmp = (name: string) => [{ sourceVolume: `${name}-tmp`, containerPath: "/tmp" }];
    expect(mounts("frontend_react_js")).toEqual([[{ name: "frontend-react-js-tmp" }], [tmp("frontend-react-js")]]);
    expect(mounts("backend_flask")).toEqual([
      [{ name: "backend-flask-tmp" }],
      [tmp("backend-flask"), undefined, undefined],
    ]);
    expect(mounts("backend_authz")).toEqual([undefined, [undefined]]);
    expect(app.resource("aws_ecs_service.backend_flask").enable_execute_command).toBe(false);
  });

  test("drops all capabilities but nginx's, and names users", () => {
    const drop = (name: string) => container(name)?.linuxParameters?.capabilities.drop;
    expect(drop("frontend-react-js")).toHaveLength(13);
    expect(drop("frontend-react-js")).not.toContain("NET_BIND_SERVICE");
    expect(containers.filter(({ name }) => drop(name)?.join() !== "ALL").map(({ name }) => name)).toEqual([
      "frontend-react-js",
    ]);
    expect(Object.fromEntries(containers.map(({ name, user }) => [name, user]))).toEqual({
      "backend-flask": undefined,
      envoy: "101",
      xray: "1337",
      authz: "1000",
      "frontend-react-js": "101",
      "otel-collector": "10001",
    });
  });

  test("gives each service a role with what it needs; without readOnlyRoot, ECS Exec on top", () => {
    const policies = (from: typeof app, name: string) =>
      (from.resource(`aws_iam_role.${name}`).managed_policy_arns ?? []).map((arn: string) =>
        arn.replace(/.*[/.](\w+)(\.arn\})?$/, "$1"),
      );
    expect(services.map((name) => policies(app, name))).toEqual([
      ["dynamodb_crud_access", "AWSXRayDaemonWriteAccess"],
      [],
      [],
      [],
    ]);
    const steps = { ...ready.hardening.steps, readOnlyRoot: false };
    const { app: reachable } = synth({ settings: { ...hardest, hardening: { ...hardest.hardening, steps } } });
    expect(policies(reachable, "otel_collector")).toEqual(["ssm_access"]);
    expect(task("otel_collector").task_role_arn).toBe("${aws_iam_role.otel_collector.arn}");
  });

  test("a service that names no grants keeps the role of all tasks", () => {
    const worker = { ...backendAuthz, name: "worker", grants: undefined };
    const { app: added } = synth({ settings: hardest, services: (own) => [...own, worker] });
    expect(added.resource("aws_ecs_task_definition.worker").task_role_arn).toBe("${aws_iam_role.task.arn}");
  });

  test("shuts the other services out of the API's group and the database's, and Envoy asks within the task", () => {
    const groupsOf = (from: typeof app, name: string) =>
      from.resource(`aws_ecs_service.${name}`).network_configuration.security_groups;
    const [api] = groupsOf(app, "backend_flask");
    expect(api).toContain("ecs_security_group_id");
    for (const name of services.slice(1))
      expect(groupsOf(app, name)).toEqual(["${aws_security_group.cruddur_beside_sg.id}"]);
    const [before, after] = [ready, hardest].map((settings) =>
      synth({ settings }).network.resource("aws_security_group.cruddur_ecs_sg"),
    );
    expect(after.ingress).toEqual(before.ingress);
    // Of the authorizer, nginx and the collector.
    expect(after.egress.slice(before.egress.length).map((rule: { from_port: number }) => rule.from_port)).toEqual([
      8123, 80, 4318,
    ]);
    const steps = { ...ready.hardening.steps, egressRules: false };
    const open = synth({ settings: { ...hardest, hardening: { ...hardest.hardening, steps } } }).network;
    expect(open.resource("aws_security_group.cruddur_ecs_sg").egress).toHaveLength(1);
    const worker = { ...backendAuthz, name: "worker", grants: undefined };
    const { app: added } = synth({ settings: hardest, services: (own) => [...own, worker] });
    expect(groupsOf(added, "worker")).toEqual([api]);
    const [connected] = [app.resource("aws_ecs_service.backend_flask").service_connect_configuration].flat();
    expect(connected.service.map((one: { port_name: string }) => one.port_name)).toEqual(["envoy"]);
    const settings = settingsSchema.parse(hardest);
    expect(requestPath({}, envoySettings(settings)).backend).toEqual({ host: "127.0.0.1", port: 4567 });
    expect(() => synth({ settings: { hardening: { ...hardest.hardening } } })).toThrow(
      /localBackend: .*images\.deploy to "hash"/,
    );
  });
});
