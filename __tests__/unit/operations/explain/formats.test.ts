/** Plans in the formats of Terraform 1.5 to 1.14 and OpenTofu 1.6 to 1.11, as each documents them, and of what may follow. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explanation } from "../../../../operations/explain/explanation";
import { explanationMarkdown } from "../../../../operations/explain/markdown";
import { explanationText } from "../../../../operations/explain/text";
import { planDocument } from "../../../../terraform/plan-document";
import { project } from "../../../support/project";

type Document = Record<string, unknown>;

function explained(document: Document, isOwn = false) {
  const bytes = Buffer.from(JSON.stringify({ format_version: "1.2", planned_values: {}, ...document }));
  const result = explanation([{ name: "app", plan: planDocument(bytes, "app.json"), isOwn }]);
  return { ...result, text: explanationText(result), markdown: explanationMarkdown(result) };
}

const values = { id: "1", name: "a" };
const entry = (address: string, actions: string[], rest: Document = {}, change: Document = {}): Document => {
  const [type = "", name] = address.replace(/^(module\.\w+\.)*((data|ephemeral)\.)?/, "").split(".");
  const before = actions.some((action) => ["no-op", "update", "delete", "forget"].includes(action)) ? values : null;
  const after = actions.some((action) => ["no-op", "update", "create"].includes(action)) ? values : null;
  const own = { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...change };
  return {
    address,
    mode: "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: own,
    ...rest,
  };
};
const changes = (...entries: Document[]): Document => ({ resource_changes: entries });
const flags = (applyable: boolean, complete = true, errored = false) => ({ applyable, complete, errored });
const terraform = (version: string) => ({ terraform_version: version, timestamp: "2025-01-31T12:00:00Z" });
const action = {
  address: "action.aws_lambda_invoke.notify",
  type: "aws_lambda_invoke",
  name: "notify",
  config_values: {},
};

const documented: readonly [string, Document, 0 | 2 | 3, ...string[]][] = [
  [
    "Terraform 1.5: nothing",
    { ...terraform("1.5.7"), ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "app: nothing changes.",
  ],
  [
    "Terraform 1.5: an import with generated configuration",
    {
      ...terraform("1.5.7"),
      ...changes(entry("aws_lb.a", ["no-op"], {}, { importing: { id: "x" }, generated_config: "resource {}" })),
    },
    2,
    "1 imported",
  ],
  [
    "Terraform 1.5: checks that fail, aren't known and can't be evaluated",
    {
      ...terraform("1.5.7"),
      ...changes(entry("aws_lb.a", ["no-op"])),
      checks: [
        {
          address: { kind: "check", name: "h", to_display: "check.h" },
          status: "fail",
          instances: [{ address: { to_display: "check.h" }, status: "fail", problems: [{ message: "It is down." }] }],
        },
        { address: { kind: "check", name: "u", to_display: "check.u" }, status: "unknown" },
        { address: { kind: "resource", to_display: "aws_lb.a" }, status: "error" },
        { address: { kind: "check", name: "p", to_display: "check.p" }, status: "pass" },
      ],
    },
    0,
    "a condition of check.h doesn't hold: It is down.",
    "is known after the apply: check.u",
    "a condition of aws_lb.a doesn't hold",
  ],
  [
    "Terraform 1.5: a move",
    { ...terraform("1.5.7"), ...changes(entry("aws_lb.b", ["no-op"], { previous_address: "aws_lb.a" })) },
    2,
    "aws_lb.b  from aws_lb.a",
  ],
  [
    "Terraform 1.5: a deposed object",
    { ...terraform("1.5.7"), ...changes(entry("aws_lb.a", ["delete"], { deposed: "0a1b2c3d" })) },
    3,
    "DESTROYED (a deposed object)",
  ],
  [
    "Terraform 1.5: a data source that is read",
    {
      ...terraform("1.5.7"),
      ...changes(entry("data.aws_vpc.a", ["read"], { mode: "data", action_reason: "read_because_dependency_pending" })),
    },
    0,
    "read during the apply",
  ],
  [
    "Terraform 1.5: drift in a refresh-only plan, which nothing marks",
    { ...terraform("1.5.7"), resource_drift: [entry("aws_lb.a", ["update"], {}, { after: { id: "1", name: "b" } })] },
    0,
    "aws_lb.a  name",
    "if it is a refresh-only plan",
  ],
  [
    "Terraform 1.7: an object that is forgotten",
    { ...terraform("1.7.5"), ...changes(entry("aws_lb.a", ["forget"])) },
    2,
    "forgotten, not destroyed",
  ],
  [
    "Terraform 1.8: nothing to apply",
    { ...terraform("1.8.5"), ...flags(false), ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "app: nothing changes.",
  ],
  [
    "Terraform 1.8: a refresh-only plan",
    { ...terraform("1.8.5"), ...flags(true), resource_drift: [entry("aws_lb.a", ["delete"])] },
    2,
    "only the state changes",
    "aws_lb.a  is gone",
  ],
  [
    "Terraform 1.8: -target, and nothing changes there",
    { ...terraform("1.8.5"), ...flags(false, false), ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "covers only a part (-target",
  ],
  [
    "Terraform 1.8: -target, and something changes there",
    { ...terraform("1.8.5"), ...flags(true, false), ...changes(entry("aws_lb.a", ["create"])) },
    2,
    "covers only a part (-target",
  ],
  [
    "Terraform 1.8: a plan that failed",
    { ...terraform("1.8.5"), ...flags(false, false, true), ...changes(entry("aws_lb.a", ["no-op"])) },
    2,
    "1 PLAN FAILED HALF-WAY",
    "can't be applied",
  ],
  [
    "Terraform 1.8: a plan that failed and would destroy",
    { ...terraform("1.8.5"), ...flags(false, false, true), ...changes(entry("aws_lb.a", ["delete"])) },
    3,
    "FAILED HALF-WAY",
    "!! aws_lb.a  DESTROYED",
  ],
  [
    "Terraform 1.8: provider functions in the configuration",
    {
      ...terraform("1.8.5"),
      ...changes(entry("aws_lb.a", ["update"], {}, { after: { id: "1", name: "b" } })),
      configuration: {
        root_module: {
          resources: [
            {
              address: "aws_lb.a",
              mode: "managed",
              expressions: { name: { references: ["provider::aws::arn_parse"] } },
            },
          ],
        },
      },
    },
    2,
    'name: "a" → "b"',
  ],
  [
    "Terraform 1.9: deferred changes",
    {
      ...terraform("1.9.8"),
      ...flags(true, false),
      ...changes(entry("aws_lb.a", ["no-op"])),
      deferred_changes: [
        {
          reason: "instance_count_unknown",
          resource_change: entry("aws_lb.b[*]", ["create"], { index_unknown: true }),
        },
        { reason: "deferred_prereq", resource_change: entry("aws_db_instance.b", ["delete"]) },
      ],
    },
    2,
    "2 deferred",
    "aws_lb.b[*]  create, later: instance count unknown",
    "aws_db_instance.b  delete, later: deferred prereq",
  ],
  [
    "Terraform 1.10: an ephemeral resource",
    {
      ...terraform("1.10.5"),
      ...flags(false),
      ...changes(entry("ephemeral.aws_secretsmanager_secret_version.a", ["open"], { mode: "ephemeral" })),
    },
    0,
    "opened for the time of the apply",
    "ephemeral.aws_secretsmanager_secret_version.a",
  ],
  [
    "Terraform 1.12: identities",
    {
      ...terraform("1.12.2"),
      ...flags(true),
      ...changes(
        entry(
          "aws_lb.a",
          ["no-op"],
          {},
          { importing: { identity: { id: "x" } }, before_identity: {}, after_identity: {} },
        ),
      ),
    },
    2,
    "1 imported",
  ],
  [
    "Terraform 1.14: an action alone",
    { ...terraform("1.14.0"), ...flags(true), action_invocations: [{ ...action, invoke_action_trigger: {} }] },
    2,
    "1 action invoked",
    "action.aws_lambda_invoke.notify  by itself",
  ],
  [
    "Terraform 1.14: an action after a change",
    {
      ...terraform("1.14.0"),
      ...flags(true),
      ...changes(entry("aws_lb.a", ["create"])),
      action_invocations: [
        {
          ...action,
          lifecycle_action_trigger: {
            triggering_resource_address: "aws_lb.a",
            action_trigger_event: "AfterCreate",
            action_trigger_block_index: 0,
            actions_list_index: 0,
          },
        },
      ],
      deferred_action_invocations: [
        { reason: "deferred_prereq", action_invocation: { ...action, address: "action.b.c" } },
      ],
    },
    2,
    "1 action invoked",
    "AfterCreate of aws_lb.a",
    "action.b.c  invoked later: deferred prereq",
  ],
  [
    "OpenTofu 1.6: a replacement",
    {
      terraform_version: "1.6.2",
      errored: false,
      ...changes(entry("aws_lb.a", ["delete", "create"], { action_reason: "replace_because_tainted" })),
    },
    3,
    "because it is tainted",
  ],
  [
    "OpenTofu 1.7: an object that is forgotten",
    { terraform_version: "1.7.10", errored: false, ...changes(entry("aws_lb.a", ["forget"])) },
    2,
    "forgotten",
  ],
  [
    "OpenTofu 1.11: an ephemeral resource",
    {
      terraform_version: "1.11.0",
      errored: false,
      ...changes(entry("ephemeral.random_password.a", ["Open"], { mode: "ephemeral" })),
    },
    0,
    "opened for the time of the apply",
  ],
  [
    "OpenTofu 1.11: enabled = false",
    {
      terraform_version: "1.11.0",
      errored: false,
      ...changes(entry("aws_lb.a", ["delete"], { action_reason: "delete_because_enabled_false" })),
    },
    3,
    "because enabled is false",
  ],
  [
    "OpenTofu: destroy = false",
    {
      terraform_version: "1.12.0",
      errored: false,
      ...changes(
        entry("aws_lb.a", ["forget", "create"], { action_reason: "forgot_because_lifecycle_destroy_in_config" }),
      ),
    },
    2,
    "1 created",
  ],
];

const later: readonly [string, Document, 0 | 2 | 3, ...string[]][] = [
  ["another minor version", { format_version: "1.17", ...changes(entry("aws_lb.a", ["delete"])) }, 3, "DESTROYED"],
  [
    "an action on a managed resource",
    changes(entry("aws_lb.a", ["teleport"], {}, { before: values, after: values })),
    2,
    "!! aws_lb.a  something else",
    "the plan says teleport",
  ],
  [
    "an action after which nothing is there",
    changes(entry("aws_lb.a", ["evaporate"], {}, { before: values })),
    3,
    "!! aws_lb.a  DESTROYED",
    "its values say otherwise",
  ],
  [
    "an action that forces a replacement",
    changes(entry("aws_lb.a", ["renew"], {}, { before: values, after: values, replace_paths: [["name"]] })),
    3,
    "REPLACED",
  ],
  [
    "no action at all",
    changes(entry("aws_lb.a", [], {}, { before: values, after: values })),
    2,
    "the plan says unsaid",
  ],
  [
    "no action at all, after which nothing is there",
    changes(entry("aws_lb.a", [], {}, { before: values })),
    3,
    "DESTROYED",
  ],
  [
    "an output without a word on its secrecy",
    { planned_values: { outputs: { a: { sensitive: null, value: 1 } } }, ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "nothing changes",
  ],
  ["an action beside a deletion", changes(entry("aws_lb.a", ["delete", "celebrate"])), 3, "DESTROYED"],
  ["an action in other letters", changes(entry("aws_lb.a", ["Delete"], {}, { before: values })), 3, "DESTROYED"],
  [
    "a reason",
    changes(entry("aws_lb.a", ["delete"], { action_reason: "delete_because_of_the_moon" })),
    3,
    "because delete because of the moon",
  ],
  [
    "a mode",
    changes(entry("aws_lb.a", ["no-op"], { mode: "virtual" })),
    0,
    "the mode virtual is not known here (no-op): aws_lb.a",
  ],
  [
    "a mode that changes",
    changes(entry("aws_lb.a", ["update"], { mode: "virtual" }, { after: { id: "1", name: "b" } })),
    2,
    "the mode virtual is not known here",
  ],
  ["a mode that deletes", changes(entry("aws_lb.a", ["delete"], { mode: "virtual" })), 3, "DESTROYED"],
  [
    "a mode without a change",
    changes({ address: "list.aws_lb.a", mode: "list" }),
    2,
    "the mode list is not known here (unsaid)",
  ],
  ["a data source by mode alone", changes(entry("aws_lb.a", ["delete"], { mode: "data" })), 3, "DESTROYED"],
  [
    "a section",
    { future_changes: [{ address: "aws_lb.a" }], ...changes(entry("aws_lb.a", ["no-op"])) },
    2,
    "1 section that is not known here",
    "!! future_changes",
  ],
  ["a section, in a plan that has nothing to apply", { future_changes: [1], ...flags(false) }, 0, "!! future_changes"],
  [
    "a section that says nothing",
    { future_changes: [], other: null, third: false, ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "app: nothing changes.",
  ],
  [
    "a section that deletes",
    { future_changes: { list: [entry("aws_db_instance.a", ["delete"])] } },
    3,
    "!! aws_db_instance.a  MAY BE DESTROYED",
  ],
  [
    "sections in another shape",
    { checks: "x", action_invocations: [1, null, {}], deferred_changes: { a: 1 }, deferred_action_invocations: [null] },
    2,
    "1 action invoked",
  ],
  [
    "a variable without a value",
    { variables: { x: null, y: {} }, ...changes(entry("aws_lb.a", ["no-op"])) },
    0,
    "nothing changes",
  ],
  [
    "an object of the state of which it says nothing",
    {
      ...flags(true),
      ...changes(entry("aws_lb.a", ["update"])),
      prior_state: { values: { root_module: { resources: [{ address: "aws_db_instance.a", mode: "managed" }] } } },
    },
    3,
    "!! aws_db_instance.a  MAY BE DESTROYED",
    "the plan doesn't mention it",
  ],
];

test.each([...documented, ...later])("%s", (_what, document, exitCode, ...texts) => {
  const result = explained(document);
  for (const text of texts) expect(result.text).toContain(text);
  expect(result.exitCode).toBe(exitCode);
  if (exitCode !== 0) expect(result.text).not.toContain("nothing changes.");
  expect(result.markdown).toContain(
    exitCode === 3 ? ":rotating_light:" : exitCode === 2 ? ":pencil2:" : ":white_check_mark:",
  );
});

describe("plans that Terraform 1.11.4 and the AWS provider made", () => {
  const real = (name: string): Document =>
    JSON.parse(readFileSync(join(project, "__tests__/fixtures/plans", `${name}.json`), "utf8"));

  test("everything at once", () => {
    const { text, exitCode, restarts } = explained(real("everything"));
    expect(exitCode).toBe(3);
    expect(text.split("\n")[0]).toBe(
      "app: 3 DESTROYED OR REPLACED, 3 of them HOLDING DATA, 1 service restarts, 5 changed in place, 1 replaced or removed without loss, 1 new task-definition revision, 1 created, 1 forgotten, 1 output, 1 moved, 1 imported.",
    );
    expect(restarts[0]?.reasons).toEqual(["force_new_deployment", "task_definition"]);
    expect(text).toContain("Note: app: a condition of check.queue doesn't hold: The queue is jobs.");
    expect(text).not.toContain("fixture-Passw0rd");
  });

  test("all is destroyed", () => {
    const { text, exitCode, changes: all } = explained(real("destroy"));
    expect([exitCode, all.filter(({ destructive }) => destructive).length]).toEqual([3, 15]);
    expect(text).not.toContain("fixture-Passw0rd");
  });
});

describe("what a name hides", () => {
  const hiding = [
    "\u001b[2K\u001b[1A",
    "\n\n\n",
    "\r",
    "\u009b2K",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u2028",
    "\u0000",
    "\ud800",
    "\u{e0001}",
  ];
  test.each(hiding.map((characters) => [JSON.stringify(characters), characters]))(
    "%s in an address",
    (_shown, characters) => {
      const { text, markdown } = explained(
        changes(entry(`aws_lb.a["${characters}"]`, ["delete"]), entry("aws_lb.b", ["delete"])),
      );
      for (const shown of [text, markdown]) {
        const loud = shown.split("\n").filter((line) => line.includes("DESTROYED") && line.includes("aws_lb"));
        expect(loud).toHaveLength(2);
        expect(shown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(shown.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      }
    },
  );

  test("in values, keys, reasons, outputs and checks", () => {
    const control = "\u001b[2K";
    const { text } = explained({
      ...changes(
        entry(
          "aws_lb.a",
          ["update"],
          { action_reason: control, previous_address: `aws_lb.${control}` },
          { after: { [`k${control}`]: control, name: "\u009b" } },
        ),
      ),
      output_changes: { [`o${control}`]: { actions: ["create"] } },
      checks: [
        { address: { to_display: control }, status: "fail", instances: [{ problems: [{ message: `x\u009b` }] }] },
      ],
      [`section${control}`]: [1],
      action_invocations: [{ address: control }],
      deferred_changes: [{ reason: control }],
    });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("a very long address leaves the others in a comment", () => {
    const { markdown } = explained(
      changes(entry(`aws_lb.a["${"x".repeat(100_000)}"]`, ["delete"]), entry("aws_db_instance.b", ["delete"])),
    );
    expect(markdown).toContain("**`aws_db_instance.b`** `DESTROYED`");
    expect(markdown.length).toBeLessThan(65_536);
  });
});

test("a plan of this project's own is no refresh-only one, which OpenTofu doesn't say", () => {
  const drifted = {
    ...terraform("1.5.7"),
    resource_drift: [entry("aws_lb.a", ["update"], {}, { after: { id: "2" } })],
  };
  const notes = (isOwn: boolean) => explained(drifted, isOwn).notes;
  expect([notes(false), notes(true)]).toEqual([[expect.stringContaining("refresh-only")], []]);
});
