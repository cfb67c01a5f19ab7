/**
 * Configurations of the JSON syntax, and the HCL that is written of them, by the real Terraform: the same values and the same
 * plan, in the form of `terraform fmt`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blockText } from "../../../terraform/hcl/body";
import { configurationBlocks } from "../../../terraform/hcl/configuration";
import { shapesOf } from "../../../terraform/hcl/shape";
import { Terraform } from "../../../terraform/terraform";

const folder = mkdtempSync(join(tmpdir(), "hcl-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Texts that mean something to HCL, JSON or a heredoc. */
const texts: Readonly<Record<string, string>> = {
  quoted: `a "b" \\ c 'd'`,
  escapes: "tab\tnewline\nreturn\rbell\u0007delete\u007f",
  backslashes: '\\n \\t \\u00e9 \\\\ ${upper("\\\\n")}',
  template: 'plain ${upper("x")} and $${not.one} and %%{not one}',
  dollars: '$ $$ % %% ${upper("$")}$',
  directive: '%{ if length("a") > 0 }yes%{ else }no%{ endif } %{ for x in [1, 2] ~} ${x} %{ endfor }',
  trimmed: 'a ${~ upper("b") ~} c',
  nested: '${join(",", [for k, v in { a = "${upper("q")}-1", b = "2" } : "${k}=${v}"])}',
  single: "${{ a = 1, b = [true, null] }}",
  heredoc: '#!/bin/sh\nset -e\n\n  echo "${upper("hi")}" \\\n    $${HOME} %%{x}\n',
  indented: "  two\n    four\n  two\n",
  blank: "a\n   \nb\n",
  lastline: "a\nb",
  markers: "a\nEOT\nEOF\nb\n",
  directives: '%{ for x in ["a", "b"] ~}\nitem ${x}\n%{ endfor ~}\n',
  lines: 'x: ${join("",\n  ["a"])}\n',
  returns: "a\r\nb\r\n",
  inner: '${<<-EOT\n    in a "heredoc"\n      ${upper("deep")}\n  EOT\n}',
  json: '{"a":1,"b":["<x>"]}',
  encoded: '{"a":1,"b":["\\u003cx\\u003e"]}',
  spaced: '{ "a": 1 }',
  unicode: "größe サービス 🚀 \u2028 e\u0301",
  empty: "",
};

/** Of the operators, in every kind of bracket. */
const expressions: Readonly<Record<string, string>> = {
  precedence: '${"${1 + 2}" * 3 - -4 / (2 - 1) % 5}',
  logic: "${!true || !(1 > 2 && 3 >= 2) && 1 != 2}",
  condition: "${length(var.list) > 1 ? { a = var.list[0] } : { a = null }}",
  splat: "${[for o in var.objects : o.name if o.on]}",
  splats: "${var.objects[*].name}",
  legacy: "${var.objects.*.name[0]}",
  grouped: "${{ for o in var.objects : o.on => o.name... }}",
  keys: '${{ "a b" = 1, (upper("c")) = 2, d = 3, "for" = 4, "${lower("E")}" = 5 }}',
  expanded: "${max([1, 5, 2]...)}",
  document: '${jsonencode({"b":[{"c":"${upper("x")}$${y}","d":null}],"a":{},"<":"\\u0007\\"","e":[]})}',
  multi: "${merge({ a = 1 }, {\n  b = 2 # two\n  /* three */ c = 3\n})}",
  try: '${try(var.objects[9].name, "none")}',
  index: '${{ "k.1" = { "z" = [7] } }["k.1"].z[0]}',
  comparison: '${var.text == "x" ? "${var.text}y" : "${var.text}"}',
};

const configuration = {
  terraform: { required_version: ">= 1.10.0", backend: { local: { path: "${literal}.tfstate" } } },
  variable: {
    list: { type: "list(string)", default: ["a", "b"] },
    objects: {
      type: "list(object({name=string, on=bool}))",
      default: [
        { name: "${one}", on: true },
        { name: "two", on: false },
        { name: "three", on: true },
      ],
    },
    text: {
      type: "string",
      default: "%{text}",
      description: 'With "quotes" and ${no template}.',
      nullable: false,
      validation: [
        { condition: "${length(var.text) > 0}", error_message: 'Not ${var.text}: "give" some.' },
        { condition: '${!startswith(var.text, "!")}', error_message: "No !" },
      ],
    },
    secret: { type: "string", sensitive: true, default: null },
  },
  locals: {
    mixed: ["${var.text}", 1, 1.5, -2, 1e21, true, null, { deep: { "a.b": ["${var.list}"], '${upper("k")}': "v" } }],
    größe: "${{}}",
    many: "${length(local.mixed) + length(local.größe)}",
  },
  resource: {
    terraform_data: {
      base: { "//": { metadata: { path: "stack/Base" } }, input: "${local.mixed}" },
      each: {
        for_each: '${toset(["a", "b-${lower("C")}"])}',
        input: { key: "${each.key}", text: texts.heredoc },
        triggers_replace: ["${each.value}", "${terraform_data.base.id}"],
        depends_on: ["terraform_data.base"],
        provisioner: [{ "local-exec": { command: "true # ${self.id}", when: "destroy", on_failure: "continue" } }],
        lifecycle: {
          create_before_destroy: true,
          ignore_changes: ["input"],
          replace_triggered_by: ["terraform_data.base.output"],
          precondition: [{ condition: '${each.key != ""}', error_message: "Empty: ${each.key}" }],
        },
      },
      counted: { count: "${length(var.list)}", input: "${count.index}", lifecycle: { ignore_changes: "all" } },
      "kept-Name": { input: null },
    },
  },
  module: {
    child: {
      "//": { metadata: { path: "stack/Child" } },
      source: "./child",
      for_each: '${toset(["x"])}',
      value: { list: ["${each.key}"], nothing: null },
      optional: null,
      depends_on: ["terraform_data.base"],
    },
  },
  moved: [{ from: "terraform_data.old", to: "terraform_data.base" }],
  removed: [{ from: "terraform_data.gone", lifecycle: { destroy: false } }],
  check: { sane: { assert: [{ condition: "${length(var.list) < 9}", error_message: "${local.many} is odd" }] } },
  output: {
    ...Object.fromEntries(Object.entries({ ...texts, ...expressions }).map(([name, value]) => [name, { value }])),
    whole: {
      description: "With %{ and ${.",
      value: { list: "${var.list}", texts: Object.values(texts) },
      depends_on: ["terraform_data.base"],
      precondition: [{ condition: "${length(var.list) < 9}", error_message: "no" }],
    },
    child: { value: '${module.child["x"].value}', sensitive: true },
  },
};

const child = {
  variable: { value: { type: "any" }, optional: { type: "string", default: "default" } },
  output: { value: { value: { given: "${var.value}", optional: "${var.optional}" } } },
};

async function planned(name: string, files: Readonly<Record<string, string>>) {
  const own = join(folder, name);
  mkdirSync(join(own, "child"), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text);
  const terraform = new Terraform(own);
  await terraform.init("-reconfigure");
  return { terraform, plan: await terraform.plan() };
}

const hclOf = (json: object) =>
  `${configurationBlocks(json as never, shapesOf({}))
    .map(({ block }) => blockText(block))
    .join("\n\n")}\n`;

describe("a configuration of all that the language has", () => {
  let hcl: Awaited<ReturnType<typeof planned>>;
  let json: Awaited<ReturnType<typeof planned>>;

  beforeAll(async () => {
    json = await planned("json", {
      "cdk.tf.json": JSON.stringify(configuration, null, 1),
      "child/main.tf.json": JSON.stringify(child),
    });
    hcl = await planned("hcl", { "main.tf": hclOf(configuration), "child/main.tf": hclOf(child) });
  }, 60_000);

  test("plans the same: resources, outputs, checks, conditions", () => {
    expect(Object.keys(hcl.plan.output_changes ?? {})).toHaveLength(
      Object.keys(texts).length + Object.keys(expressions).length + 2,
    );
    for (const section of ["resource_changes", "output_changes", "planned_values", "variables", "checks"] as const) {
      expect([section, hcl.plan[section]]).toEqual([section, json.plan[section]]);
    }
    // Of a JSON configuration the plan holds templates as constants.
    const references = (plan: typeof hcl.plan) =>
      plan.configuration?.root_module?.resources?.map(({ address, expressions, depends_on }) => {
        return [address, JSON.stringify(expressions ?? {}).match(/"references":\[.*?\]/g), depends_on];
      });
    expect(references(hcl.plan)).toEqual(references(json.plan));
  });

  test("evaluates what it was given", () => {
    const value = (name: string) => hcl.plan.output_changes?.[name]?.after;
    expect(value("heredoc")).toBe('#!/bin/sh\nset -e\n\n  echo "HI" \\\n    ${HOME} %{x}\n');
    expect(value("encoded")).toBe(texts.encoded);
    expect(value("escapes")).toBe(texts.escapes);
    expect(value("precedence")).toBe(13);
  });

  test("is in the form of `terraform fmt`, without expressions in strings of their own", async () => {
    const { exitCode, stdout } = await hcl.terraform.attempt("fmt", "-check", "-diff", "-recursive", "-no-color");
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(hclOf(configuration)).not.toMatch(/= "\$\{[^}]*\}"$/m);
    expect(hclOf(configuration)).toContain("# stack/Base\n");
  });
});
