/** What documents evaluate to, by the real Terraform. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Fn, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { type ContainerContext, containerDefinition } from "../../constructs/ecs/container-definition";
import { jsonDocument } from "../../constructs/terraform/json-document";
import { servicesOf } from "../../services";
import { Terraform } from "../../terraform/terraform";

const awkward = `<>&"$%{x}\${y}\\'\n\t\u0008é😀`;

describe("jsonDocument, evaluated", () => {
  const folder = mkdtempSync(join(tmpdir(), "documents-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is the value that was given, whatever is in it, and the one that Fn.jsonencode would give", async () => {
    const outdir = join(folder, "cdktf.out");
    mkdirSync(outdir);
    const root = new App({ outdir });
    const stack = new TerraformStack(root, "documents");
    const text = new TerraformVariable(stack, "text", { type: "string" }).stringValue;
    const literal = { awkward, list: [1, -0.5, null, true, [], {}], "key ${k} %{l}": "v" };
    new TerraformOutput(stack, "literal", { value: jsonDocument(literal) });
    new TerraformOutput(stack, "mixed", {
      value: jsonDocument({ alone: text, within: `${awkward}${text}${awkward}` }),
    });
    const context = {
      account: { ownImages: `${text}.dkr`, region: text },
      domain: text,
      logGroupName: text,
      secrets: { arn: (name: string) => `arn:${text}:${name}` },
    } as unknown as ContainerContext;
    const containers = servicesOf({ authz: true }).flatMap((service) => service.containers);
    const definitions = containers.map((container) => containerDefinition(container, context));
    new TerraformOutput(stack, "ours", { value: jsonDocument(definitions) });
    new TerraformOutput(stack, "cdktfs", { value: Fn.jsonencode(definitions) });
    root.synth();

    const terraform = new Terraform(join(outdir, "stacks", "documents"), { environment: { TF_VAR_text: awkward } });
    await terraform.init();
    await terraform.apply();
    const outputs = await terraform.outputs();
    const value = (name: string) => JSON.parse(String(outputs[name]?.value));
    expect(value("literal")).toEqual(literal);
    expect(value("mixed")).toEqual({ alone: awkward, within: awkward + awkward + awkward });
    expect(value("ours")).toEqual(value("cdktfs"));
    expect(value("ours")[0].image).toBe(`${awkward}.dkr/backend-flask`);
  }, 60_000);
});
