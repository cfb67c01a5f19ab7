/** Renews the provider lock file of the repository, for the providers and versions that the stacks ask for. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromCaller, project } from "../lib/project";
import { report } from "../lib/report";
import { scratchFolder } from "../lib/scratch-folder";
import { UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import { loadSettings } from "../settings/load";
import { synthesizedJson } from "../stacks/synthesize";
import { lockBlocks, withOtherRegistry } from "../terraform/lock-blocks";
import { requireTerraform } from "../terraform/prerequisites";
import { keptLockFile, lockFileName } from "../terraform/provider-lock";
import { Terraform } from "../terraform/terraform";
import { toolName } from "../terraform/tool";
import { newCommand, perform } from "./shared/command";
import { listOption } from "./shared/options";

const heading =
  "# The providers of both stacks, for Terraform and for OpenTofu. A synth copies it beside each stack's file; `npm run lock` renews it.\n";

/** The platforms of a team's machines and of CI. */
const defaultPlatforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

interface Options {
  readonly platform: readonly string[];
  readonly fsMirror?: string;
}

const command = newCommand(
  "npm run lock --",
  `Renews ${keptLockFile}: the newest providers that the constraints allow, with their hashes.`,
)
  .addOption(
    listOption("--platform <os_arch>", "platform to record hashes for", { otherwise: defaultPlatforms.join(", ") }),
  )
  .option("--fs-mirror <folder>", "take the providers from a filesystem mirror, not from the registry");

/** What all stacks ask for, as one configuration without a backend. */
function requiredProviders(): object {
  const stacks = synthesizedJson(project, loadSettings({ directory: project }).settings);
  const required = stacks.map(
    ({ json }) => (json as { terraform: { required_providers: object } }).terraform.required_providers,
  );
  return { terraform: { required_providers: Object.assign({}, ...required) } };
}

perform<Options>(command, async ({ platform, fsMirror }) => {
  await requireTerraform();
  const folder = scratchFolder("lock");
  try {
    writeFileSync(join(folder, "providers.tf.json"), JSON.stringify(requiredProviders()));
    const terraform = new Terraform(folder, { onLine: (line) => console.log(line) });
    const source = fsMirror === undefined ? [] : [`-fs-mirror=${fromCaller(fsMirror)}`];
    const platforms = (platform.length > 0 ? platform : defaultPlatforms).map((one) => `-platform=${one}`);
    const { exitCode, stderr } = await terraform.attempt("providers", "lock", "-no-color", ...source, ...platforms);
    if (exitCode !== 0 || !existsSync(join(folder, lockFileName))) {
      throw new UserError(
        `The providers can't be locked; ${keptLockFile} is as it was. ${toolName()} said:\n${stderr.trim()}`,
      );
    }
    const kept = join(project, keptLockFile);
    const former = existsSync(kept) ? readFileSync(kept, "utf8") : "";
    const { blocks, open } = withOtherRegistry(readFileSync(join(folder, lockFileName), "utf8"), former);
    // What a stack asks for that is switched off stays.
    const others = [...lockBlocks(former)].filter(([source]) => !blocks.has(source)).map(([, block]) => block);
    writeWhole(kept, [heading, ...blocks.values(), ...others].join("\n"), { mode: 0o666 });
    console.log(`Renewed ${keptLockFile}: commit it.`);
    const [other, binary] = toolName() === "OpenTofu" ? ["Terraform", "terraform"] : ["OpenTofu", "tofu"];
    if (open.length > 0) {
      report(
        `For ${other} it has versions and no hashes; with TERRAFORM_BINARY_NAME=${binary}, npm run lock notes them.`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
