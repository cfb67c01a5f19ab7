/** Renews the provider lock file of the repository, for the providers and versions that the stacks ask for. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Command } from "commander";
import { requireTerraform } from "../lib/prerequisites";
import { keptLockFile, lockFileName } from "../lib/provider-lock";
import { Terraform } from "../lib/terraform";
import { UserError } from "../lib/user-error";
import { loadSettings } from "../settings/load";
import { addStacks } from "../stacks";

/** The platforms of a team's machines and of CI. */
const defaultPlatforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

const options = new Command("npm run lock --")
  .description(`Renews ${keptLockFile}: the newest providers that the constraints allow, with their hashes.`)
  .option("--platform <os_arch...>", "platforms to hold hashes for", defaultPlatforms)
  .option("--fs-mirror <folder>", "take the providers from a filesystem mirror, not from the registry")
  .parse()
  .opts<{ platform: string[]; fsMirror?: string }>();

/** What all stacks ask for, as one configuration without a backend. */
function requiredProviders(folder: string): object {
  const root = new App({ outdir: join(folder, "cdktf.out") });
  const stacks = Object.values(addStacks(root, loadSettings().settings));
  const blocks = stacks.map(
    (stack) => (stack.toTerraform() as { terraform: { required_providers: object } }).terraform,
  );
  return { terraform: { required_providers: Object.assign({}, ...blocks.map((block) => block.required_providers)) } };
}

async function main(): Promise<void> {
  await requireTerraform();
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  try {
    writeFileSync(join(folder, "providers.tf.json"), JSON.stringify(requiredProviders(folder)));
    const terraform = new Terraform(folder, { onLine: (line) => console.log(line) });
    const source = options.fsMirror === undefined ? [] : [`-fs-mirror=${options.fsMirror}`];
    const platforms = options.platform.map((platform) => `-platform=${platform}`);
    const { exitCode, stderr } = await terraform.attempt("providers", "lock", "-no-color", ...source, ...platforms);
    if (exitCode !== 0 || !existsSync(join(folder, lockFileName))) {
      throw new UserError(
        `The providers can't be locked; ${keptLockFile} is as it was. Terraform said:\n${stderr.trim()}`,
      );
    }
    copyFileSync(join(folder, lockFileName), keptLockFile);
    console.log(`Renewed ${keptLockFile}: commit it.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
