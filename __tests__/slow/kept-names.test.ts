/** Names that `terraformName` keeps, by the real Terraform: over a state that its own HCL wrote. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, DataResource, LocalBackend, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { AddressedStack, terraformName } from "../../constructs/terraform/addressed-stack";
import { Terraform } from "../../terraform/terraform";

const names = [
  "ServiceSG-tf",
  "ServiceSG",
  "camelCase",
  "_private",
  "__",
  "a__b",
  "web_",
  "web-1",
  "Web1_2-",
  "größe",
  "サービス",
  "for",
  "null",
  "alb_sg",
];

const folder = mkdtempSync(join(tmpdir(), "names-"));
afterAll(() => {
  delete process.env.SYNTH_HCL_OUTPUT;
  rmSync(folder, { recursive: true, force: true });
});

function synthesized(outdir: string, hcl: boolean): string {
  mkdirSync(outdir);
  // By the variable, as the command line does; by its property cdktf 0.21 writes HCL and metadata into one file.
  process.env.SYNTH_HCL_OUTPUT = String(hcl);
  const root = new App({ outdir });
  const stack = new AddressedStack(root, "names");
  new LocalBackend(stack, { path: join(folder, "terraform.tfstate") });
  for (const name of names) {
    const kept = new DataResource(new Construct(stack, terraformName(name)), "Data", { input: name as never });
    // A reference, which is an expression and not a label.
    new TerraformOutput(stack, terraformName(`${name}_output`), { value: kept.output });
  }
  root.synth();
  return join(outdir, "stacks", "names");
}

describe("terraformName", () => {
  beforeAll(async () => {
    const old = join(folder, "old");
    mkdirSync(old);
    const blocks = names.map(
      (name) =>
        `resource "terraform_data" "${name}" {\n  input = "${name}"\n}\noutput "${name}_output" {\n  value = terraform_data.${name}.output\n}\n`,
    );
    const backend = `terraform {\n  backend "local" {\n    path = "${join(folder, "terraform.tfstate")}"\n  }\n}\n`;
    writeFileSync(join(old, "main.tf"), [backend, ...blocks].join("\n"));
    const terraform = new Terraform(old);
    await terraform.init();
    await terraform.apply();
  }, 60_000);

  test.each([
    ["JSON", false],
    ["HCL", true],
  ])(
    "keeps every name that Terraform takes, in %s",
    async (_what, hcl) => {
      const terraform = new Terraform(synthesized(join(folder, String(hcl)), hcl));
      await terraform.init();
      const plan = await terraform.plan();
      const changes = plan.resource_changes ?? [];
      expect(changes.map(({ address }) => address).sort()).toEqual(
        names.map((name) => `terraform_data.${name}`).sort(),
      );
      expect(changes.flatMap(({ change }) => change.actions)).toEqual(names.map(() => "no-op"));
      const outputs = Object.values(plan.output_changes ?? {});
      expect(outputs.map(({ actions }) => actions)).toEqual(names.map(() => ["no-op"]));
    },
    60_000,
  );
});
