import { App, type AppConfig } from "cdktf";
import { oldestTerraform } from "../terraform/oldest-terraform";

/**
 * Which versions of Terraform and OpenTofu the stacks are for. cdktf 0.21 doesn't ask; its successor refuses a lock file in S3
 * without it, and reads it from each app, not from cdktf.json.
 */
export const appContext = {
  targetVersions: { terraform: `>=${oldestTerraform}`, opentofu: `>=${oldestTerraform}` },
};

/** The root of the stacks: every `App` of the project is made here. */
export function projectApp(options: AppConfig = {}): App {
  return new App({ ...options, context: { ...appContext, ...options.context } });
}
