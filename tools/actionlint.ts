import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";

const version = "v1.7.12";

/**
 * The command that lints workflows, built once by Go into `.cache/`. https://github.com/rhysd/actionlint
 * @throws UserError where it can't be built
 */
export async function actionlintCommand(project: string): Promise<string> {
  const folder = join(project, ".cache", `actionlint-${version}`);
  const command = join(folder, "actionlint");
  if (existsSync(command)) return command;
  mkdirSync(folder, { recursive: true });
  const { exitCode, stderr } = await runProcess(
    "go",
    ["install", `github.com/rhysd/actionlint/cmd/actionlint@${version}`],
    {
      environment: { ...process.env, GOBIN: folder },
    },
  );
  if (exitCode !== 0) {
    throw new UserError(
      `actionlint could not be built by Go (npm run test:tools installs it): ${stderr.trim().split("\n").at(-1)}`,
    );
  }
  return command;
}
