/** The hand-written module of `--hcl`: what is taken for one. */
import { existsSync, statSync } from "node:fs";
import { UserError } from "../lib/user-error";
import { configurationFiles } from "../terraform/source/module";

export function requireModule(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`--hcl is ${JSON.stringify(folder)}: give the folder of the old Terraform module.`);
  }
  if (configurationFiles(folder).length === 0) {
    throw new UserError(
      `--hcl is ${JSON.stringify(folder)}, which holds no .tf file: give the folder of the old module.`,
    );
  }
  return folder;
}
