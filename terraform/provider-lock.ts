/**
 * The provider lock file of the repository, which every stack's folder gets a copy of.
 * https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../lib/write-whole";
import { type LockBlocks, lockBlocks, versionIn, withNotedHashes, withoutRegistry } from "./lock-blocks";
import { toolName } from "./tool";

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
 *
 * It names the registries of Terraform and OpenTofu. Either tool drops the other's blocks from a copy. A synth for OpenTofu
 * puts them back; one for Terraform doesn't where Terraform has dropped them, since it would ask for `init` at each plan. Hashes that
 * the tool has noted stand in for those that the project's file lacks.
 * What `init` has added of providers that the project's file doesn't name stays as well: the Docker provider of the stack `images`,
 * or one of a team's additions.
 */
export function installProviderLock(project: string, stackFolders: readonly string[]): void {
  const file = join(project, keptLockFile);
  if (!existsSync(file)) return;
  const opened = (text: string) => text.replace(/^(\s*constraints\s*=\s*)".*"$/gm, '$1">= 0.0.0"');
  const kept = readFileSync(file, "utf8");
  for (const folder of stackFolders) {
    const copy = join(folder, lockFileName);
    const noted = existsSync(copy) ? readFileSync(copy, "utf8") : "";
    const text = dropsOpenTofu(noted) ? withoutRegistry(kept, "registry.opentofu.org") : kept;
    const content = withFurther(opened(withNotedHashes(text, noted)), noted);
    if (content !== noted) writeWhole(copy, content, { mode: 0o644 });
  }
}

/** Whether Terraform runs, and has initialized the folder with this lock file. */
function dropsOpenTofu(noted: string): boolean {
  const sources = [...lockBlocks(noted).keys()];
  const ofTerraform = sources.filter((source) => source.startsWith("registry.terraform.io/"));
  return toolName() === "Terraform" && ofTerraform.length > 0 && ofTerraform.length === sources.length;
}

/** @returns the version of a provider (`hashicorp/aws`) in the project's lock file, undefined where it has none */
export function lockedVersion(project: string, provider: string): string | undefined {
  const file = join(project, keptLockFile);
  if (!existsSync(file)) return undefined;
  const blocks = [...lockBlocks(readFileSync(file, "utf8"))];
  return versionIn(blocks.find(([source]) => source.endsWith(`/${provider}`))?.[1]);
}

/**
 * What an `init` has selected without the project's lock file, which then is the newest of that day.
 * @returns source and version of each
 */
export function unlockedProviders(project: string, folder: string): string[] {
  const [kept, selected] = [join(project, keptLockFile), join(folder, lockFileName)].map((file) =>
    lockBlocks(existsSync(file) ? readFileSync(file, "utf8") : ""),
  ) as [LockBlocks, LockBlocks];
  return [...selected]
    .filter(([source, block]) => versionIn(kept.get(source)) !== versionIn(block))
    .map(([source, block]) => `${source} ${versionIn(block)}`);
}

/** A lock file with what another one has of providers that it doesn't name. */
function withFurther(kept: string, further: string): string {
  const known = lockBlocks(kept);
  const added = [...lockBlocks(further)].filter(([provider]) => !known.has(provider));
  return [kept, ...added.map(([, block]) => block)].join("\n");
}

/** Adds to a folder's lock file what a module's own one has of providers that it doesn't name. */
export function withFurtherLocks(folder: string, module: string): void {
  const [kept, further] = [folder, module].map((place) => {
    const file = join(place, lockFileName);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }) as [string, string];
  const whole = withFurther(kept, further);
  if (whole !== kept) writeWhole(join(folder, lockFileName), whole, { mode: 0o644 });
}
