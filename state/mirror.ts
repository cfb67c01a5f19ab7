/** A copy of the old module to plan in: links to everything that is there, so that Terraform finds it as it does at home. */
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Settings } from "../settings/schema";
import { firstWorkspace } from "../terraform/named-state";
import { installProviderLock, withFurtherLocks } from "../terraform/provider-lock";
import { dataFolder } from "./initialized";

/** What Terraform keeps in a module's folder for itself: the mirror has its own. */
const notMirrored = /^(\.terraform(\.lock\.hcl|\.tfstate\.lock\.info)?|terraform\.tfstate(\.backup|\.d)?)$/;

/** Sorts behind every other override file, of which the last one counts. */
const overrideFile = "~state_override.tf.json";

export interface MirrorOptions {
  readonly project: string;
  readonly settings: Settings;
  /** The workspace that is selected in the module's folder. @default the first one */
  readonly workspace?: string;
}

export interface Mirror {
  /** The folder to plan in. */
  readonly folder: string;
  /** Where the state to plan over belongs. */
  readonly statePath: string;
}

/**
 * Links the module's files and, since a module may refer to any folder by `../`, everything beside its folders up to the
 * outermost repository's neighbours, or without a repository up to the root. An override file is put beside them: a local backend, the provider version of the settings, any Terraform.
 * https://developer.hashicorp.com/terraform/language/files/override
 * @param target a folder that isn't there yet
 */
export function mirrorModule(module: string, target: string, { project, settings, workspace }: MirrorOptions): Mirror {
  const chain = foldersAbove(module);
  let folder = join(target, "tree");
  for (const [index, original] of chain.entries()) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const next = chain[index + 1];
    for (const name of namesIn(original)) {
      if (join(original, name) === next || (next === undefined && notMirrored.test(name))) continue;
      symlinkSync(join(original, name), join(folder, name));
    }
    if (next !== undefined) folder = join(folder, basename(next));
  }
  const states = join(target, "states");
  const statePath = join(states, workspace ?? firstWorkspace, "terraform.tfstate");
  mkdirSync(dirname(statePath), { recursive: true, mode: 0o700 });
  const override = {
    terraform: {
      required_version: ">= 1.0",
      backend: { local: { path: statePath, workspace_dir: states } },
      required_providers: { aws: { source: "hashicorp/aws", version: settings.awsProviderVersion } },
    },
  };
  writeFileSync(join(folder, overrideFile), JSON.stringify(override));
  installProviderLock(project, [folder]);
  withFurtherLocks(folder, module);
  linkInstalledModules(module, folder);
  return { folder, statePath };
}

/** The module's folder behind those that are mirrored with it. "../" is a matter of the real path, however it was named. */
function foldersAbove(module: string): string[] {
  const chain = [realpathSync(module)];
  while (dirname(chain[0] as string) !== chain[0]) chain.unshift(dirname(chain[0] as string));
  const repository = chain.findIndex((folder) => existsSync(join(folder, ".git")));
  return chain.slice(Math.max(repository - 1, 0));
}

/** What `init` has fetched for the module stays what it is; without it, the mirror's would fetch the newest. */
function linkInstalledModules(module: string, folder: string): void {
  const from = join(dataFolder(module), "modules");
  if (!existsSync(join(from, "modules.json"))) return;
  const to = join(folder, ".terraform", "modules");
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of namesIn(from)) if (name !== "modules.json") symlinkSync(join(from, name), join(to, name));
  writeFileSync(join(to, "modules.json"), readFileSync(join(from, "modules.json")));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder far above may not be readable; nothing refers to it then.
    return [];
  }
}
