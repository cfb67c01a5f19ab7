/**
 * The files of values that Terraform loads by itself in a module's folder. Terraform alone decides which of them wins.
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
 */
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const defaultFiles = ["terraform.tfvars", "terraform.tfvars.json"];

/** @returns names in Terraform's order: a later one wins (internal/command/meta_vars.go) */
export function automaticVariableFiles(folder: string): string[] {
  const names = readdirSync(folder);
  const automatic = names.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name));
  // As Go sorts: by bytes.
  automatic.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return [...defaultFiles.filter((name) => names.includes(name)), ...automatic];
}

/** Lets Terraform find the same values in another folder, under the same names and so in the same order. */
export function linkVariableFiles(from: string, to: string): void {
  for (const name of automaticVariableFiles(from)) symlinkSync(join(from, name), join(to, name));
}
