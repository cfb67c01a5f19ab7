import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { createWriteStream, existsSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "./user-error";

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** What the command reads from its standard input: a secret that no command line may show. @default nothing */
  readonly input?: string;
  /** Gets each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
  /**
   * Gets the standard output byte for byte, readable by the user alone; the result's is then empty. A full disk is an error
   * here, while a command that writes into the file itself may not notice it.
   */
  readonly stdoutFile?: string;
  readonly onStart?: (pid: number) => void;
  /** Aborting interrupts the process and waits for its end. */
  readonly signal?: AbortSignal;
  /** Milliseconds that an interrupted process has for its own clean-up before it is killed. @default 30 s */
  readonly graceMs?: number;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end, without a shell and without the caller's standard input. It gets a process group of its own, so that
 * what it starts (Terraform: its provider) ends with it.
 * @returns the exit code, whatever it is; 127 where there is no such command, 128 or more where a signal ended it
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, environment, input, onLine, stdoutFile, onStart, signal, graceMs = 30_000 }: RunOptions = {},
): Promise<RunResult> {
  if (cwd !== undefined && !existsSync(cwd)) throw new UserError(`There is no folder ${cwd} to run ${command} in.`);
  const file = stdoutFile === undefined ? undefined : openSync(stdoutFile, "w", 0o600);
  const stdin = input === undefined ? "ignore" : "pipe";
  const child = spawn(command, args, {
    cwd,
    env: environment,
    stdio: [stdin, "pipe", "pipe"],
    detached: true,
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  // A command that ends without reading is judged by its exit code.
  child.stdin?.on("error", () => {}).end(input);
  const filled = file === undefined ? undefined : pipeline(child.stdout, createWriteStream("", { fd: file }));
  // It is waited for when the process has ended.
  filled?.catch(() => {});
  if (child.pid !== undefined) onStart?.(child.pid);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    if (stream === "stdout" && filled !== undefined) continue;
    createInterface({ input: child[stream] }).on("line", (line) => {
      output[stream] += `${line}\n`;
      onLine?.(line);
    });
  }
  let killTimer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    signalGroup(child, "SIGINT");
    killTimer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMs);
  };
  // What outlives its parent (a provider whose Terraform was killed) must not stay, nor keep the outputs open.
  child.once("exit", () => {
    if (killTimer !== undefined) signalGroup(child, "SIGKILL");
  });
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(127) : reject(error)));
      child.once("close", (code, killedBy) => resolve(code ?? (killedBy === null ? 1 : 128)));
    });
    await filled;
    return { exitCode, ...output };
  } finally {
    clearTimeout(killTimer);
    signal?.removeEventListener("abort", interrupt);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}
