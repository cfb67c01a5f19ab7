/** Plans kept as JSON. They hold the values of secrets: the user alone can read them, and git doesn't take them. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import { writeWhole } from "../../lib/write-whole";
import type { PlannedStack } from "./planning";

/** In the project; .gitignore has it. */
export const plansFolder = "plans";

/**
 * Writes `STACK.json`, or `STACK.provisional.json`, each as `terraform show -json` prints it.
 * @returns the files
 */
export function keepPlans(folder: string, stacks: readonly PlannedStack[]): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return stacks.map(({ id, json, provisionalOver }) => {
    for (const old of [`${id}.json`, `${id}.provisional.json`]) rmSync(join(folder, old), { force: true });
    const file = join(folder, provisionalOver.length === 0 ? `${id}.json` : `${id}.provisional.json`);
    writeWhole(file, json);
    return file;
  });
}

/**
 * Without git, or outside of a work tree, there is nothing that would take them.
 * @throws UserError for a folder whose plans git would take
 */
export async function refuseCommitted(folder: string): Promise<void> {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const args = ["check-ignore", "--quiet", join(folder, "app.json")];
  const { exitCode } = await runProcess("git", args, { cwd: there, environment: process.env });
  if (exitCode !== 1) return;
  throw new UserError(
    `Git would take plans from ${folder}, and they hold the values of secrets: give a folder that .gitignore has, such as ${plansFolder}, or one outside of the repository.`,
  );
}
