import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** One copy of the provider, which has hundreds of megabytes, for all folders that Terraform is initialized in. */
export function pluginCache(project: string): string {
  const cache = process.env.TF_PLUGIN_CACHE_DIR ?? join(project, ".cache", "terraform-plugins");
  mkdirSync(cache, { recursive: true });
  return cache;
}
