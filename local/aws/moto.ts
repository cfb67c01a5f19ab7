/**
 * moto's server, which answers for AWS on this machine. https://docs.getmoto.org/en/latest/docs/server_mode.html
 */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type PythonTool, pythonToolCommand } from "../../lib/python-tool";
import { UserError } from "../../lib/user-error";

/** The command that starts the server. */
export function motoCommand(project: string, report: (line: string) => void): Promise<string> {
  const moto: PythonTool = {
    name: "moto",
    command: "moto_server",
    probe: ["--help"],
    requirements: join("local", "aws", "requirements.txt"),
    purpose: "the local AWS",
  };
  return pythonToolCommand(project, moto, report);
}

/**
 * Ends the server when this process ends, also by a SIGKILL: only this process holds the standard input open.
 * `$$` in the part that waits is the number of the shell, which becomes the server.
 */
const endingWithUs = 'exec 3<&0; (cat <&3 >/dev/null; kill -9 $$) 2>/dev/null & exec "$@" 3<&- </dev/null';

/** Starts the server on a free port of the loopback interface and waits until it listens. */
export async function startMoto(command: string): Promise<{ endpoint: string; child: ChildProcess }> {
  const child = spawn("/bin/sh", ["-c", endingWithUs, "sh", command, "-H", "127.0.0.1", "-p", "0"], {
    cwd: tmpdir(),
    // AWS's own managed policies, which roles attach; certificates are validated at once, and not after a minute.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true", MOTO_ACM_VALIDATION_WAIT: "0" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      const listening = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (listening?.[1]) resolve(listening[1]);
      else if (said.length < 50) said.push(line);
    });
    child.once("error", reject);
    // Not "exit", which may come before its last line.
    child.once("close", (code) => reject(new UserError(`${command} ended with ${code}: ${said.at(-1) ?? ""}`)));
  });
  return { endpoint, child };
}
