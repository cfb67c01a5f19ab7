/**
 * The provider lock file of the repository, which every stack's folder gets a copy of.
 * https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const lockFileName = ".terraform.lock.hcl";

/**
 * The kept one, relative to the project. Not by Terraform's own name in the project's folder: there it would keep
 * `terraform state mv` from working on state files, for want of installed providers.
 */
export const keptLockFile = join("stacks", "terraform.lock.hcl");

/**
 * Copies the project's lock file into the folders of the synthesized stacks, so that `terraform init` and `cdktf deploy`
 * select the providers that were chosen once, however loose the constraint is.
 *
 * The constraint that the file records is for information in Terraform, which holds the locked version against the
 * configuration's. cdktf-cli takes it as the lock: where it doesn't match it runs `init -upgrade` (0.21, cdktf-stack.ts),
 * which floats. So it is opened wide in the copies.
 */
export function installProviderLock(project: string, stackFolders: readonly string[]): void {
  const file = join(project, keptLockFile);
  if (!existsSync(file)) return;
  const text = readFileSync(file, "utf8").replace(/^(\s*constraints\s*=\s*)".*"$/gm, '$1">= 0.0.0"');
  for (const folder of stackFolders) writeFileSync(join(folder, lockFileName), text);
}
