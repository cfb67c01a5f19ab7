import { existsSync } from "node:fs";
import { join } from "node:path";
import { levelOf, steps } from "../../../hardening/steps";
import { project } from "../../../lib/project";
import { hardeningStepNames } from "../../../settings/hardening";
import { synth } from "../../../tools/testing";
import { documentedRows } from "../../support/documented-tables";

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

test("each step says what it does in sentences, and names checks once", () => {
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
  hardening: { level: 2, accessLogsBucket: "team-logs", tasksReach: "nat", steps: { immutableTags: false } },
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

  test("lets the load balancer reach each port of the tasks, and nobody call all ports anywhere", () => {
    const { network } = synth({ settings: ready });
    const egress = (name: string) => network.resource(`aws_security_group.${name}`).egress;
    expect(egress("alb_sg").map((rule: { from_port: number }) => rule.from_port)).toEqual([80, 4318, 8800, 13133]);
    expect(egress("rds")).toEqual([]);
  });
});
