/** A real collector on this machine, with the configuration of this project. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../lib/free-port";
import { killWithParent } from "../../lib/kill-with-parent";
import { scratchFolder } from "../../lib/scratch-folder";
import { UserError } from "../../lib/user-error";
import { collectorYaml } from "../../otel-collector/configuration";
import { collectorCommand } from "./binary";

export interface LocalCollector {
  readonly pid: number;
  readonly otlpPort: number;
  readonly healthCheckPort: number;
  /** What it has written so far. */
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Its exit code. */
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

export interface LocalCollectorOptions {
  /** The project's folder. */
  readonly project: string;
  /** Where it takes the traces to. */
  readonly honeycombEndpoint: string;
  /** What the task definition's environment and secrets give it. */
  readonly environment: Readonly<Record<string, string>>;
}

const startLimitMs = 60_000;

/**
 * @returns when its health check says that it is well
 * @throws UserError with what it said, where it does not start
 */
export async function startLocalCollector(options: LocalCollectorOptions): Promise<LocalCollector> {
  const command = await collectorCommand(options.project);
  for (let attempts = 1; ; attempts += 1) {
    const started = await attempt(command, options);
    if (typeof started !== "string") return started;
    // A port that was free may be taken by the time it listens there.
    if (attempts < 5 && started.includes("address already in use")) continue;
    throw new UserError(`The collector did not start: ${started || "it said nothing"}`);
  }
}

/** @returns the collector, or what it said before it ended */
async function attempt(
  command: string,
  { honeycombEndpoint, environment }: LocalCollectorOptions,
): Promise<LocalCollector | string> {
  const folder = scratchFolder("collector");
  const file = join(folder, "config.yaml");
  const [otlpPort, healthCheckPort] = [await freePort(), await freePort()];
  writeFileSync(file, collectorYaml({ honeycombEndpoint, otlpPort, healthCheckPort }));
  // Nothing of this process's own OTEL_… variables.
  const child = spawn(command, ["--config", file], { env: { ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (written += chunk));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const end = killWithParent(() => child.kill("SIGKILL"), exited);
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await isWell(child, healthCheckPort))) {
    await stop();
    return written.trim();
  }
  const { pid = 0 } = child;
  const signal = (name: NodeJS.Signals) => child.kill(name);
  return { pid, otlpPort, healthCheckPort, output: () => written, signal, exited, stop };
}

async function isWell(child: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + startLimitMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
