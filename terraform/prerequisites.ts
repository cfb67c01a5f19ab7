import { project } from "../lib/project";
import { UserError } from "../lib/user-error";
import { isOlder } from "../lib/version";
import { oldestTerraform } from "./oldest-terraform";
import { Terraform, terraformAdvice } from "./terraform";
import { type ToolName, tellTool, terraformBinary } from "./tool";

/** OpenTofu counts on from Terraform 1.5; both have what is needed here since the same version. */
const answer = /^(Terraform|OpenTofu) v(\S+)$/m;

/** @returns the version found. @throws UserError without Terraform or OpenTofu, or with one that is too old */
export async function requireTerraform(): Promise<string> {
  const binary = terraformBinary();
  const { stdout, stderr } = await new Terraform(project).attempt("version");
  const [, name = "Terraform", version = versionInJson(stdout)] = answer.exec(stdout) ?? [];
  if (version === undefined) {
    throw new UserError(
      `"${binary} version" did not answer as Terraform does (${(stderr || stdout).trim().slice(0, 80)}): ${terraformAdvice()}.`,
    );
  }
  tellTool(name as ToolName);
  if (isOlder(version, oldestTerraform)) {
    throw new UserError(`${name} ${version} is too old ("${binary}"): ${terraformAdvice()}.`);
  }
  return version;
}

/** What a wrapper may answer that asks for JSON by itself. */
function versionInJson(text: string): string | undefined {
  return /"terraform_version":\s*"([^"]+)"/.exec(text)?.[1];
}
