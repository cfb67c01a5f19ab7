/** Processes by more than their number, which the system gives again. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { isAlive } from "./is-alive";

/** @returns when a process began, in the system's own words; undefined where it has ended */
export function startOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  return process.platform === "linux" ? startInProc(pid) : startByPs(pid);
}

/** In ticks since the boot, and which boot. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function startInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before it stands in brackets, and can hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; its parent hasn't asked yet.
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const environment = { ...process.env, LC_ALL: "C" };
    return (
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env: environment })
        .toString()
        .trim() || undefined
    );
  } catch {
    return undefined;
  }
}

/** Whether a process still runs, and is the one that began then. */
export function isSameProcess(pid: number, start: string): boolean {
  const now = startOf(pid);
  return now !== undefined && now === start;
}

/**
 * The processes that were started with an environment variable of this value, and what they have started. This process is not
 * one of them. Those of other users don't show.
 */
export function processesWithVariable(name: string, value: string): number[] {
  const found = process.platform === "linux" ? inProc(name, value) : byPs(name, value);
  return found.filter((pid) => pid !== process.pid && startOf(pid) !== undefined);
}

function inProc(name: string, value: string): number[] {
  const wanted = `\0${name}=${value}\0`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return `\0${readFileSync(`/proc/${entry}/environ`, "utf8")}\0`.includes(wanted);
      } catch {
        // It has ended meanwhile, or is another user's.
        return false;
      }
    })
    .map(Number);
}

function byPs(name: string, value: string): number[] {
  try {
    const lines = execFileSync("ps", ["-axEww", "-o", "pid=,command="], { maxBuffer: 2 ** 28 })
      .toString()
      .split("\n");
    return lines.filter((line) => `${line} `.includes(` ${name}=${value} `)).map((line) => Number.parseInt(line, 10));
  } catch {
    return [];
  }
}

/** Ends processes: asks each first, and kills those that are still there after a while. */
export async function endProcesses(pids: readonly number[], graceMs = 10_000): Promise<void> {
  const running = new Map(pids.map((pid) => [pid, startOf(pid)] as const));
  const rest = () => [...running].filter(([pid, start]) => start !== undefined && isSameProcess(pid, start));
  const send = (signal: NodeJS.Signals) => {
    for (const [pid] of rest()) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const ended = async (untilMs: number) => {
    const deadline = Date.now() + untilMs;
    while (rest().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  send("SIGTERM");
  await ended(graceMs);
  send("SIGKILL");
  await ended(graceMs);
}
