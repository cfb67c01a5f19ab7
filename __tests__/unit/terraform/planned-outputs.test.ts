/** By the real Terraform, which needs neither provider nor network for this. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../../terraform/plan";
import { plannedOutputsExpression } from "../../../terraform/planned-outputs";
import { Terraform } from "../../../terraform/terraform";

const folder = mkdtempSync(join(tmpdir(), "outputs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const texts = { plain: "a", quoted: 'say "hi"\n\t\\', template: "${not} %{one} $${x} $y", control: "\b\f\u2028é" };

/** The plan of a module that is written in Terraform's JSON. */
async function planned(name: string, module: object): Promise<Plan> {
  const own = mkdtempSync(join(folder, `${name}-`));
  writeFileSync(join(own, "main.tf.json"), JSON.stringify(module));
  return new Terraform(own, { environment: { TF_VAR_texts: JSON.stringify(texts) } }).plan();
}

const resource = { terraform_data: { a: { input: "a" }, b: { input: "b" } } };
const id = (name: string) => `\${terraform_data.${name}.id}`;

test("outputs as an expression are what they will be: types, templates, and what isn't known yet", async () => {
  const output = {
    text: { value: texts.plain },
    list: { value: '${tolist(["x", "y"])}' },
    set: { value: '${toset(["x", "y"])}' },
    map: { value: '${tomap({ "a.b" = 1, c = 2.5 })}' },
    nothing: { value: "${null}" },
    flags: { value: "${{ on = true, off = [false, null] }}" },
    texts: { value: `\${jsondecode(var.texts)}` },
    some: { value: { a: "known", b: id("b"), inner: ["x", id("a")] } },
    none: { value: id("a") },
  };
  const variable = { texts: { type: "string", default: null } };
  const escaped = JSON.stringify(texts);
  process.env.TF_VAR_texts = escaped;
  const network = await planned("network", { resource, output, variable });
  const expression = plannedOutputsExpression(network);
  const reader = await planned("app", {
    locals: { read: `\${${expression}}` },
    resource: {
      terraform_data: {
        each: { for_each: "${local.read.set}", input: "${each.key}" },
        known: { input: "${local.read.some.a}" },
        unknown: { input: "${local.read.some.b}" },
        whole: { input: "${local.read.none}" },
      },
    },
    output: {
      same: {
        value: `\${[local.read.texts == jsondecode(var.texts), local.read.list == tolist(["x", "y"]), local.read.map == tomap({ "a.b" = 1, c = 2.5 }), local.read.nothing == null, local.read.flags.off, local.read.some.inner[0]]}`,
      },
    },
    variable,
  });
  expect(reader.planned_values?.outputs?.same?.value).toEqual([true, true, true, true, [false, null], "x"]);
  const changes = (reader.resource_changes ?? []).map(({ address, change }) => [
    address,
    change.after?.input ?? (change.after_unknown as { input?: unknown }).input,
  ]);
  expect(Object.fromEntries(changes)).toEqual({
    'terraform_data.each["x"]': "x",
    'terraform_data.each["y"]': "y",
    "terraform_data.known": "known",
    "terraform_data.unknown": true,
    "terraform_data.whole": true,
  });
}, 60_000);
