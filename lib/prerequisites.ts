import { oldestTerraform } from "./oldest-terraform";
import { runProcess } from "./run-process";
import { noTerraform, terraformAdvice, terraformBinary } from "./terraform";
import { UserError } from "./user-error";

function isOlder(version: string, than: string): boolean {
  const [left = [], right = []] = [version, than].map((text) => text.split(/[.-]/).map(Number));
  for (const [index, wanted] of right.entries()) {
    const part = left[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/** @returns the version found. @throws UserError without Terraform, or with one that is too old */
export async function requireTerraform(): Promise<string> {
  const binary = terraformBinary();
  const { exitCode, stdout, stderr } = await runProcess(binary, ["version", "-json"]);
  if (exitCode === 127) throw noTerraform();
  let version: unknown;
  try {
    version = JSON.parse(stdout).terraform_version;
  } catch {
    throw new UserError(
      `"${binary} version" did not answer as Terraform does (${(stderr || stdout).trim().slice(0, 80)}): ${terraformAdvice}.`,
    );
  }
  if (isOlder(String(version), oldestTerraform)) {
    throw new UserError(`Terraform ${version} is too old ("${binary}"): ${terraformAdvice}.`);
  }
  return String(version);
}
