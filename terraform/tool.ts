/** The program that does the work: Terraform or OpenTofu, which speaks the same language under its own name. */
import { basename } from "node:path";
import { fromCaller } from "../lib/project";

export type ToolName = "Terraform" | "OpenTofu";

/** The binary, as cdktf-cli chooses it too. */
export function terraformBinary(): string {
  const name = process.env.TERRAFORM_BINARY_NAME || "terraform";
  return name.includes("/") ? fromCaller(name) : name;
}

let told: ToolName | undefined;

/** What it has said of itself, whatever its file is called. */
export function tellTool(name: ToolName): void {
  told = name;
}

/** What messages call it. */
export function toolName(): ToolName {
  return told ?? (/tofu/i.test(basename(terraformBinary())) ? "OpenTofu" : "Terraform");
}

/** What users type: `terraform`, `tofu`, or a name of their own. */
export function toolCommand(): string {
  return basename(terraformBinary());
}
