/** Values of Terraform variables as Terraform itself reads them: from files and the environment, with its precedence. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../lib/scratch-folder";
import { UserError } from "../lib/user-error";
import { errorSummary, Terraform } from "./terraform";

/**
 * @param names of string variables
 * @param files absolute paths of tfvars files
 * @returns the values of those that are set
 * @throws UserError where Terraform can't read a file
 */
export async function variableValues(
  names: readonly string[],
  files: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const folder = scratchFolder("variables");
  try {
    const variable = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
    for (const declared of Object.values(variable)) Object.assign(declared, { default: null });
    const output = Object.fromEntries(names.map((name) => [name, { value: `\${var.${name}}` }]));
    writeFileSync(join(folder, "variables.tf.json"), JSON.stringify({ variable, output }));
    const terraform = new Terraform(folder);
    // No provider and no backend: nothing to initialize. Values that aren't declared here stay out.
    const args = [
      "-input=false",
      "-no-color",
      "-compact-warnings",
      "-out=plan",
      ...files.map((file) => `-var-file=${file}`),
    ];
    const { exitCode, stderr } = await terraform.attempt("plan", ...args);
    if (exitCode !== 0) throw new UserError(`The variables can't be read: ${errorSummary(stderr)}`);
    const shown = await terraform.attempt("show", "-json", "plan");
    const outputs: Record<string, { value?: string | null }> = JSON.parse(shown.stdout).planned_values?.outputs ?? {};
    return Object.fromEntries(names.flatMap((name) => (outputs[name]?.value ? [[name, outputs[name].value]] : [])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
