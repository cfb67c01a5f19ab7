/** Synthesizes, then plans both stacks at once: what `terraform plan` prints for each, in the order of deployment. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { planEnvironment } from "../lib/plan-environment";
import { requireTerraform } from "../lib/prerequisites";
import { Terraform } from "../lib/terraform";
import { loadSettings } from "../settings/load";
import { type SynthesizedStack, synthesizeStacks } from "../stacks/synthesize";

const { varFile } = new Command("npm run plan --")
  .description("Plans both stacks at once. Applies nothing. Exit code 0: no changes, 2: changes, 1: an error.")
  .option("--var-file <file...>", "files of values for the Terraform variables", [])
  .parse()
  .opts<{ varFile: string[] }>();

interface Outcome {
  readonly id: string;
  readonly exitCode: number;
  readonly text: string;
}

async function plan({ id, folder }: SynthesizedStack): Promise<Outcome> {
  const terraform = new Terraform(folder, { environment: planEnvironment });
  if (!existsSync(join(folder, ".terraform"))) await terraform.init();
  const files = varFile.map((file) => `-var-file=${resolve(file)}`);
  const { exitCode, stdout, stderr } = await terraform.attempt(
    "plan",
    "-input=false",
    "-no-color",
    "-detailed-exitcode",
    ...files,
  );
  return { id, exitCode, text: stdout + stderr };
}

async function main(): Promise<void> {
  await requireTerraform();
  const stacks = synthesizeStacks(process.cwd(), loadSettings().settings);
  process.stderr.write(`Planning ${stacks.map(({ id }) => id).join(" and ")}\n`);
  const outcomes = await Promise.all(stacks.map(plan));
  for (const { id, text } of outcomes) console.log(`━━ ${id}\n${text.trim()}\n`);
  const codes = outcomes.map(({ exitCode }) => exitCode);
  process.exitCode = codes.find((code) => code !== 0 && code !== 2) ?? Math.max(...codes);
}

main();
