/** The providers' schemas, from the providers themselves. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../lib/scratch-folder";
import { UserError } from "../lib/user-error";
import { type Json, objects } from "../terraform/hcl/resource";
import type { ProviderSchemas } from "../terraform/hcl/shape";
import { pluginCache } from "../terraform/plugin-cache";
import { installProviderLock } from "../terraform/provider-lock";
import { Terraform } from "../terraform/terraform";

/** @param stacks whose `required_providers` count */
export async function providerSchemas(
  project: string,
  stacks: readonly Json[],
  pass: readonly string[],
): Promise<ProviderSchemas> {
  const folder = scratchFolder("schemas");
  try {
    const required = stacks.flatMap((json) =>
      objects(json.terraform).flatMap((one) => objects(one.required_providers)),
    );
    const terraform = { required_providers: Object.assign({}, ...required) };
    writeFileSync(join(folder, "providers.tf.json"), JSON.stringify({ terraform }));
    installProviderLock(project, [folder]);
    const runner = new Terraform(folder, { environment: { TF_PLUGIN_CACHE_DIR: pluginCache(project) }, pass });
    await runner.init();
    const { exitCode, stdout, stderr } = await runner.attempt("providers", "schema", "-json");
    if (exitCode !== 0) throw new UserError(`The providers' schemas can't be read. Terraform said:\n${stderr.trim()}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
