import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fromCaller } from "../lib/project";

/** One copy of the provider, which has hundreds of megabytes, for all folders that Terraform is initialized in. */
export function pluginCache(project: string): string {
  const { TF_PLUGIN_CACHE_DIR: named } = process.env;
  const cache = named ? fromCaller(named) : join(project, ".cache", "terraform-plugins");
  mkdirSync(cache, { recursive: true });
  return cache;
}
