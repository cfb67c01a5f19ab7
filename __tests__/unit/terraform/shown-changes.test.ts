import type { Plan, PlannedChange } from "../../../terraform/plan";
import { secretsOf } from "../../../terraform/plan-secrets";
import { shownChanges } from "../../../terraform/shown-changes";
import { planned, planOf } from "../../support/plans";

const [withheld, changed] = ["(sensitive)", "(sensitive, changed)"];

/** Path, before and after of each attribute of a change, in a plan. */
function shown(change: PlannedChange, plan: Plan = planOf(change)): Record<string, readonly [unknown, unknown]> {
  const changes = shownChanges(change, secretsOf(plan));
  return Object.fromEntries(changes.map(({ path, before, after }) => [path, [before, after]]));
}

test("what Terraform marks is withheld, and whether it changes is told", () => {
  const change = planned("a.b", {
    before: { open: "x", one: "one-secret", list: [{ inner: "deep-secret" }, "y"], same: "kept-secret", none: null },
    after: { open: "z", one: "new-secret", list: [{ inner: "deep-other" }, "y"], same: "kept-secret", none: "first" },
    change: {
      before_sensitive: { one: true, list: [{ inner: true }, false], same: true },
      after_sensitive: { one: true, list: [{ inner: true }, false], same: true, none: true },
    },
  });
  expect(shown(change)).toEqual({
    open: ["x", "z"],
    one: [withheld, changed],
    "list.0.inner": [withheld, changed],
    none: [null, changed],
  });
});

test("a key with a dot in it is marked like any other", () => {
  const change = planned("a.b", {
    before: { map: { "a.b": "x" } },
    after: { map: { "a.b": "y" } },
    change: { after_sensitive: { map: { "a.b": true } } },
  });
  expect(shown(change)).toEqual({ "map.a.b": [withheld, changed] });
});

test("a document is told by path, and so is one within it", () => {
  const document = (image: string, password: string, action: string) =>
    JSON.stringify({
      image,
      inner: JSON.stringify({ password, Action: [action] }),
      environment: [{ name: "A", value: action }],
    });
  const change = planned("a.b", {
    before: { policy: document("a:1", "p", "s3:Get"), same: '{"a":1}' },
    after: { policy: document("a:2", "q", "s3:Put"), same: '{ "a": 1 }' },
  });
  expect(shown(change)).toEqual({
    "policy.image": ["a:1", "a:2"],
    "policy.inner.password": [withheld, changed],
    "policy.inner.Action.0": ["s3:Get", "s3:Put"],
    "policy.environment.0.value": [withheld, changed],
    same: ["(a document)", "(the same, written differently)"],
  });
});

test("a marked document is withheld as a whole", () => {
  const change = planned("a.b", {
    before: { policy: '{"image":"a:1"}' },
    after: { policy: '{"image":"a:2"}' },
    change: { before_sensitive: { policy: true } },
  });
  expect(shown(change)).toEqual({ policy: [withheld, changed] });
});

test("a block that is new keeps its shape", () => {
  const change = planned("aws_lambda_function.b", {
    before: { environment: [], setting: [] },
    after: { environment: [{ variables: { A: "x" } }], setting: [{ name: "insights", value: "on" }] },
  });
  expect(shown(change)).toEqual({
    "environment.0": [null, { variables: { A: withheld } }],
    "setting.0": [null, { name: "insights", value: "on" }],
  });
});

test("what can't be seen to differ is told to", () => {
  const change = planned("a.b", { before: { script: "#!a\nb", list: [] }, after: { script: "#!a\nc", list: [] } });
  expect(shown(change)).toEqual({ script: ["(2 lines)", "(2 lines, changed)"] });
});

test("what is known after the apply is told, also of a secret", () => {
  const change = planned("a.b", {
    before: { password: "x" },
    after: {},
    change: { after_unknown: { password: true } },
  });
  expect(shown(change)).toEqual({ password: [withheld, "(known after apply)"] });
});

test("a name that every object has is a name like any other", () => {
  const change = planned("a.b", {
    before: JSON.parse('{"constructor":"a","m":{"__proto__":"x"}}'),
    after: JSON.parse('{"constructor":"b","m":{"__proto__":"y","toString":"z"}}'),
  });
  expect(shown(change)).toEqual({
    constructor: ["a", "b"],
    "m.__proto__": ["x", "y"],
    "m.toString": [null, "z"],
  });
});

describe("a text that is marked somewhere is withheld everywhere", () => {
  const secret = 'pa"ss<wörd>&1';
  const change = planned("a.b", {
    before: { policy: '{"a":"b"}', note: "", inUrl: "", encoded: "" },
    after: {
      policy: JSON.stringify({ a: `it is ${secret}` }),
      note: `it is ${secret}!`,
      inUrl: `http://h/${encodeURIComponent(secret)}`,
      encoded: Buffer.from(`x${secret}y`).toString("base64"),
    },
  });
  const marking: readonly [string, Partial<Plan>][] = [
    [
      "a sensitive variable",
      {
        variables: { db: { value: secret }, region: { value: "eu-west-1" }, none: null },
        configuration: { root_module: { variables: { db: { sensitive: true }, region: {} } } },
      },
    ],
    [
      "a sensitive map of variables",
      {
        variables: { all: { value: { deep: [secret] } } },
        configuration: { root_module: { variables: { all: { sensitive: true } } } },
      },
    ],
    ["an output", { output_changes: { o: { actions: ["create"], after: secret, after_sensitive: true } } }],
    ["an output that stays", { planned_values: { outputs: { o: { sensitive: true, value: secret } } } }],
    [
      "another resource",
      { resource_changes: [planned("c.d", { after: { x: secret }, change: { after_sensitive: { x: true } } })] },
    ],
    [
      "another resource, within a document",
      {
        resource_changes: [
          planned("c.d", { after: { x: JSON.stringify({ y: secret }) }, change: { after_sensitive: { x: true } } }),
        ],
      },
    ],
    [
      "drift",
      { resource_drift: [planned("c.d", { before: { x: secret }, change: { before_sensitive: { x: true } } })] },
    ],
    [
      "a module's resource in the state",
      {
        prior_state: {
          values: {
            root_module: {
              child_modules: [
                {
                  resources: [
                    { mode: "managed", address: "module.m.c.d", values: { x: secret }, sensitive_values: { x: true } },
                  ],
                },
              ],
            },
          },
        },
      },
    ],
    [
      "the configuration of an action",
      { action_invocations: [{ address: "action.a.b", config_values: { x: secret }, config_sensitive: { x: true } }] },
    ],
  ];

  test.each(marking)("%s", (_what, plan) => {
    expect(shown(change, plan as Plan)).toEqual({
      "policy.a": ["b", changed],
      note: ["", changed],
      inUrl: ["", changed],
      encoded: ["", changed],
    });
  });

  test("a short one only as the whole", () => {
    const short = planned("a.b", { before: { x: "", y: "" }, after: { x: "u", y: "u or you" } });
    const plan = planOf(short, planned("c.d", { after: { z: "u" }, change: { after_sensitive: { z: true } } }));
    expect(shown(short, plan)).toEqual({ x: ["", changed], y: ["", "u or you"] });
  });
});
