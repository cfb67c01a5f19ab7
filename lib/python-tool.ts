/** Tools that are published on PyPI: those of the PATH, or installed once into a virtual environment below `.cache/`. */
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { alone } from "./alone";
import { runProcess } from "./run-process";
import { UserError } from "./user-error";

export interface PythonTool {
  readonly name: string;
  readonly command: string;
  /** Arguments with which the command of the PATH answers at once with 0, when it is the right one. */
  readonly probe: readonly string[];
  /** Whether the one that answers so is the right one. @default any is */
  readonly isRight?: (answer: string) => boolean;
  /** The pinned packages with their hashes, relative to the project. */
  readonly requirements: string;
  /** What can't be had without it. */
  readonly purpose: string;
}

/** @returns the command to start. @throws UserError where it can't be installed */
export async function pythonToolCommand(
  project: string,
  tool: PythonTool,
  report: (line: string) => void,
): Promise<string> {
  const { exitCode, stdout } = await runProcess(tool.command, tool.probe);
  if (exitCode === 0 && (tool.isRight?.(stdout) ?? true)) return tool.command;
  const environment = join(".cache", tool.name);
  const cache = join(project, ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = join(realpathSync(cache), tool.name);
  const command = join(folder, "bin", tool.command);
  await alone(`${folder}.installing`, async () => {
    if (existsSync(command) && startsHere(command)) return;
    report(`Installing ${tool.name} into ${environment} (once)`);
    await install(project, folder, tool);
  });
  return command;
}

/** A virtual environment names its interpreter by its whole path, which a folder that was moved or renamed no longer has. */
function startsHere(command: string): boolean {
  const [, interpreter] = /^#!(\/\S+)/.exec(readFileSync(command, "latin1")) ?? [];
  return interpreter === undefined || existsSync(interpreter);
}

async function install(project: string, folder: string, { name, purpose, requirements }: PythonTool): Promise<void> {
  const python = await runProcess("python3", ["-m", "venv", "--clear", folder]);
  if (python.exitCode !== 0) {
    throw new UserError(
      `Python 3 with its venv module is needed for ${purpose}; "python3 -m venv" said: ${lastLine(python.stdout + python.stderr)}`,
    );
  }
  const file = join(project, requirements);
  const pip = await runProcess(join(folder, "bin", "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--require-hashes",
    "-r",
    file,
  ]);
  if (pip.exitCode !== 0) {
    throw new UserError(`${name} could not be installed from PyPI; pip said: ${lastLine(pip.stdout + pip.stderr)}`);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
