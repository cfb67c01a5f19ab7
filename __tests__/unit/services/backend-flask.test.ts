import { backendFlask, backendFlaskWith } from "../../../services/backend-flask";
import { servicesOf } from "../../../services/index";
import { type StackOptions, synth } from "../../../tools/testing";

const taskDefinition = "aws_ecs_task_definition.backend_flask";

/** Addresses whose blocks differ from the default's; outputs, variables and all else count, too. */
function differences(settings: StackOptions["settings"]): string[] {
  const [before, after] = [synth(), synth({ settings })];
  expect(after.network.json).toEqual(before.network.json);
  expect(after.app.managed()).toEqual(before.app.managed());
  const { resource: _, ...rest } = after.app.json;
  const { resource: __, ...restBefore } = before.app.json;
  expect(rest).toEqual(restBefore);
  return before.app
    .managed()
    .filter((address) => JSON.stringify(before.app.resource(address)) !== JSON.stringify(after.app.resource(address)));
}

test.each([
  ["xray", "us"],
  ["xray", "eu"],
  ["collector", "us"],
] as const)(
  "backendTraces %s and Honeycomb's region %s change nothing but the task definition",
  (backendTraces, region) => {
    const byDefault = backendTraces === "xray" && region === "us";
    expect(differences({ backendTraces, honeycomb: { region } })).toEqual(byDefault ? [] : [taskDefinition]);
  },
);

test("by the collector, Honeycomb's region is the collector's business alone", () => {
  const us = synth({ settings: { backendTraces: "collector" } });
  const eu = synth({ settings: { backendTraces: "collector", honeycomb: { region: "eu" } } });
  expect(eu.app.json).toEqual(us.app.json);
});

test("by the collector, the role keeps X-Ray's policy, group and sampling rule stay, and so does the headers' parameter", () => {
  const { app } = synth({ settings: { backendTraces: "collector" } });
  expect(app.resource("aws_iam_role.task").managed_policy_arns).toContain(
    "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
  );
  expect(app.managed()).toEqual(expect.arrayContaining(["aws_xray_group.cruddur", "aws_xray_sampling_rule.cruddur"]));
  expect(app.addresses()).toContain('aws_ssm_parameter.secret["OTEL_EXPORTER_OTLP_HEADERS"]');
});

test("without a choice it is as the state has it", () => {
  const plain = (service: unknown) => JSON.stringify(service);
  expect(plain(servicesOf({ authz: true })[0])).toBe(plain(backendFlask));
  expect(backendFlask.containers.map(({ name }) => name)).toEqual(["backend-flask", "envoy", "xray"]);
  expect(backendFlaskWith({ backendTraces: "collector" }).containers.map(({ name }) => name)).toEqual([
    "backend-flask",
    "envoy",
  ]);
});
