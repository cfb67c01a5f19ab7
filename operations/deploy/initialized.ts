/** A stack's folder with its providers: Terraform is initialized where it hasn't been, or asks for it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { keptLockFile, unlockedProviders } from "../../terraform/provider-lock";
import type { StackFolder } from "../../terraform/remote-states";
import type { Terraform } from "../../terraform/terraform";
import { PlanFailure } from "./plan-failure";

export class Initialization {
  /** @param lockedBy folder of the project whose lock file must name every provider. @default others are taken, too */
  constructor(private readonly lockedBy?: string) {}

  /** @throws UserError where that fails, or selects a provider that isn't locked */
  async prepare(stack: StackFolder, terraform: Terraform): Promise<void> {
    if (existsSync(join(stack.folder, ".terraform"))) this.requireLocked(stack);
    else await this.initialize(stack, terraform);
  }

  /** Runs what may turn out to need an `init` first. */
  async around(stack: StackFolder, terraform: Terraform, attempt: () => Promise<RunResult>): Promise<RunResult> {
    const result = await attempt();
    if (result.exitCode === 0 || !asksForInit(result.stderr)) return result;
    await this.initialize(stack, terraform);
    return attempt();
  }

  private async initialize(stack: StackFolder, terraform: Terraform): Promise<void> {
    const { exitCode, stderr } = await terraform.attempt("init", "-input=false", "-no-color");
    if (exitCode !== 0) throw new PlanFailure(stack, stderr);
    this.requireLocked(stack);
  }

  private requireLocked({ id, folder }: StackFolder): void {
    const unlocked = this.lockedBy === undefined ? [] : unlockedProviders(this.lockedBy, folder);
    if (unlocked.length === 0) return;
    throw new UserError(
      `${keptLockFile} doesn't lock what ${id} asks for: ${unlocked.join(", ")} would be taken, the newest of today. Run npm run lock, and commit the file.`,
    );
  }
}

/**
 * Settings, the lock file or the tool have changed since the folder was initialized. Under TF_IN_AUTOMATION not every such
 * error names the command that it wants.
 */
export function asksForInit(stderr: string): boolean {
  const text = stderr.replaceAll(/[│\s]+/g, " ");
  return /\b(terraform|tofu) init\b|Error: (Required plugins are not installed|Inconsistent dependency lock file)/.test(
    text,
  );
}
