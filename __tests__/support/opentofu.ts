/** OpenTofu over the provider that Terraform has installed, as it can be had without a registry. */
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../lib/project";
import { openTofu } from "../../tools/opentofu";

const version = "5.100.0";

/**
 * @param folder for the mirror
 * @param initialized a folder in which Terraform is initialized
 * @returns the variables with which everything runs OpenTofu
 */
export function openTofuEnvironment(folder: string, initialized: string): NodeJS.ProcessEnv {
  const provider = ["hashicorp", "aws", version] as const;
  const installed = join(initialized, ".terraform", "providers", "registry.terraform.io", ...provider);
  const [platform = ""] = readdirSync(installed);
  const mirror = join(folder, "mirror");
  const place = join(mirror, "registry.opentofu.org", ...provider);
  mkdirSync(place, { recursive: true });
  symlinkSync(realpathSync(join(installed, platform)), join(place, platform));
  const configuration = join(folder, "opentofu.tfrc");
  writeFileSync(configuration, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  return { TERRAFORM_BINARY_NAME: openTofu(project), TF_CLI_CONFIG_FILE: configuration };
}
