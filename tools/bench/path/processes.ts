import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { freePort } from "../../../lib/free-port";
import { killWithParent } from "../../../lib/kill-with-parent";
import { UserError } from "../../../lib/user-error";

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Clock ticks a second of /proc/PID/stat: 100 on every Linux that Node runs on. */
const ticks = 100;

/** @returns seconds of CPU that a process has used, by itself and in the kernel; undefined where there is no /proc */
export function cpuSeconds(pid: number): number | undefined {
  const text = read(pid, "stat");
  // The command's name, in brackets, may hold spaces. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** @returns the largest resident size that a process has had, in MiB; undefined where there is no /proc */
export function peakMiB(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+)/m.exec(read(pid, "status") ?? "")?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Starts a Node program that serves on PORT and tells by `GET /health-check` when it can. Its output is thrown away. */
export async function startServer(file: string, environment: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: String(port), ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = killWithParent(() => child.kill("SIGKILL"), exited);
  const deadline = Date.now() + 10_000;
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new UserError(`${file} did not start`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return { pid: Number(child.pid), port, stop };
}

async function isHealthy(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health-check`).catch(() => undefined);
  return response?.ok ?? false;
}
