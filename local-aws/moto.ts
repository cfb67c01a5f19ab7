/**
 * moto's server, which answers for AWS on this machine. https://docs.getmoto.org/en/latest/docs/server_mode.html
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runProcess } from "../lib/run-process";
import { UserError } from "../lib/user-error";

const environmentFolder = join(".cache", "moto");
const requirements = join("local-aws", "requirements.txt");

/**
 * The command that starts the server: `moto_server` of the PATH, or one that is installed from PyPI into a virtual
 * environment of this project.
 */
export async function motoCommand(project: string, report: (line: string) => void): Promise<string> {
  if ((await runProcess("moto_server", ["--help"])).exitCode === 0) return "moto_server";
  const folder = join(project, environmentFolder);
  const command = join(folder, "bin", "moto_server");
  if (!existsSync(command)) await installMoto(project, folder, report);
  return command;
}

async function installMoto(project: string, folder: string, report: (line: string) => void): Promise<void> {
  report(`Installing moto into ${environmentFolder} (once)`);
  const python = await runProcess("python3", ["-m", "venv", folder]);
  if (python.exitCode !== 0) {
    throw new UserError(
      `Python 3 with its venv module is needed for the local AWS; "python3 -m venv" said: ${lastLine(python.stdout + python.stderr)}`,
    );
  }
  const pip = await runProcess(join(folder, "bin", "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--requirement",
    join(project, requirements),
  ]);
  if (pip.exitCode !== 0) {
    throw new UserError(`moto could not be installed from PyPI; pip said: ${lastLine(pip.stdout + pip.stderr)}`);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Starts the server on a free port of the loopback interface and waits until it listens. */
export async function startMoto(command: string): Promise<{ endpoint: string; child: ChildProcess }> {
  const child = spawn(command, ["-H", "127.0.0.1", "-p", "0"], {
    cwd: tmpdir(),
    // AWS's own managed policies, which roles attach.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      const listening = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (listening?.[1]) resolve(listening[1]);
      else if (said.length < 50) said.push(line);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new UserError(`${command} ended with ${code}: ${said.at(-1) ?? ""}`)));
  });
  return { endpoint, child };
}
