/** The hand-written module of `--hcl`: a mirror of its folder to plan in, and where its blocks are. It is never written to. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { installProviderLock } from "../lib/provider-lock";
import { UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";

/** Terraform's own files, and states: a mirror has its own. */
const notMirrored = /^(\.terraform.*|.*\.tfstate(\..*)?|.*\.tfstate\.lock\.info|\.git)$/;

/** How many folders above a module are mirrored too: modules refer to `../` and `../../`. */
const levelsAbove = 2;

export interface MirrorOptions {
  readonly project: string;
  readonly settings: Settings;
  /** The state that the mirror plans over. */
  readonly statePath: string;
}

/**
 * Links everything of the module into a new folder, with an override file beside it: a local backend, the provider version
 * of the settings, and any Terraform. https://developer.hashicorp.com/terraform/language/files/override
 * @returns the folder to plan in
 */
export function mirrorModule(module: string, target: string, { project, settings, statePath }: MirrorOptions): string {
  const chain = [module];
  while (chain.length <= levelsAbove && dirname(chain[0] as string) !== chain[0])
    chain.unshift(dirname(chain[0] as string));
  let mirror = target;
  for (const [index, folder] of chain.entries()) {
    mkdirSync(mirror, { recursive: true, mode: 0o700 });
    const next = chain[index + 1];
    for (const name of linkable(folder))
      if (join(folder, name) !== next) symlinkSync(join(folder, name), join(mirror, name));
    if (next !== undefined) mirror = join(mirror, basename(next));
  }
  const override = {
    terraform: {
      required_version: ">= 1.0",
      backend: { local: { path: statePath } },
      required_providers: { aws: { source: "hashicorp/aws", version: settings.awsProviderVersion } },
    },
  };
  writeFileSync(join(mirror, "zz_state_override.tf.json"), JSON.stringify(override));
  installProviderLock(project, [mirror]);
  return mirror;
}

function linkable(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !notMirrored.test(name));
  } catch {
    // A folder far above may not be readable; nothing refers to it then.
    return [];
  }
}

export function requireModule(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(`--hcl is ${JSON.stringify(folder)}: give the folder of the old Terraform module.`);
  }
  if (sources(folder).length === 0) {
    throw new UserError(
      `--hcl is ${JSON.stringify(folder)}, which holds no .tf file: give the folder of the old module.`,
    );
  }
  return folder;
}

export interface SourceFile {
  readonly name: string;
  readonly lines: readonly string[];
}

export function sources(folder: string): SourceFile[] {
  return readdirSync(folder)
    .filter((name) => /\.tf(\.json)?$/.test(name))
    .sort()
    .map((name) => ({ name, lines: readFileSync(join(folder, name), "utf8").split("\n") }));
}

/** Where a block begins: `ecs.tf:12`, relative to the module. */
export function blockLocation(files: readonly SourceFile[], type: string, name: string): string | undefined {
  const opening = new RegExp(`^\\s*resource\\s+"?${type}"?\\s+"?${name}"?\\s*\\{`);
  for (const { name: file, lines } of files) {
    const index = lines.findIndex((line) => opening.test(line));
    if (index >= 0) return `${file}:${index + 1}`;
  }
  return undefined;
}

/** Blocks that are for one plan only, and would be at work during a split: `main.tf:3 (moved)`. */
export function transientBlocks(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ name, lines }) =>
    lines.flatMap((line, index) => {
      const kind = /^\s*(moved|import|removed)\s*\{/.exec(line)?.[1];
      return kind === undefined ? [] : [`${name}:${index + 1} (${kind})`];
    }),
  );
}

/** The variable files that Terraform would load in the module's folder by itself. */
export function ownVariableFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
