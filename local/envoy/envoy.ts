/** A real Envoy on this machine, with a configuration of this project. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { envoyYaml } from "../../envoy/bootstrap";
import type { RequestPath } from "../../envoy/request-path";
import { killWithParent } from "../../lib/kill-with-parent";
import { scratchFolder } from "../../lib/scratch-folder";
import { UserError } from "../../lib/user-error";
import { envoyCommand } from "./binary";

export interface LocalEnvoy {
  readonly pid: number;
  /** Port of the listener, and of the admin interface; both on the loopback interface. */
  readonly port: number;
  readonly adminPort: number;
  /** What it has written so far: access log and its own log. */
  readonly output: () => string;
  /** Sends a signal to the process that was started. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

export interface LocalEnvoyOptions {
  /** The project's folder. */
  readonly project: string;
  /** Ports of 0 are chosen by the system. */
  readonly path: RequestPath;
  /** Changes the rendered YAML. @default as it is */
  readonly edited?: (yaml: string) => string;
  /** Starts it by the image's own entry point. @default the binary alone */
  readonly byEntrypoint?: boolean;
  readonly args?: readonly string[];
  /** Worker threads, not by the entry point. @default 1, as in the image */
  readonly concurrency?: number;
  /** What it finds in /etc/hosts: needs Linux, and root or user namespaces. @default the machine's own */
  readonly hosts?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Throws its access log away, as a load would fill the memory with it. @default false */
  readonly discardOutput?: boolean;
  /** Of its own log, not by the entry point. @default "warning" */
  readonly logLevel?: "debug" | "warning";
}

const startLimitMs = 20_000;

/** @returns when its listener is ready */
export async function startLocalEnvoy({
  project,
  path,
  edited = (yaml) => yaml,
  byEntrypoint = false,
  args = [],
  concurrency = 1,
  hosts,
  environment = {},
  discardOutput = false,
  logLevel = "warning",
}: LocalEnvoyOptions): Promise<LocalEnvoy> {
  const envoy = await envoyCommand(project);
  const folder = scratchFolder("envoy");
  const file = join(folder, "envoy.yaml");
  writeFileSync(file, edited(envoyYaml(path)));
  const adminAddressFile = join(folder, "admin-address");
  const options = discardOutput ? args : ["--file-flush-interval-msec", "50", ...args];
  const command = byEntrypoint
    ? ["sh", join(project, "envoy", "entrypoint.sh"), ...options]
    : [
        ...[envoy, "-c", file, "--admin-address-path", adminAddressFile, "--disable-hot-restart"],
        ...["--concurrency", String(concurrency), "--log-level", logLevel, ...options],
      ];
  const [program = "", ...programArgs] = hosts === undefined ? command : withHosts(hosts, folder, command);
  const stdio: StdioOptions = ["ignore", discardOutput ? "ignore" : "pipe", "pipe"];
  const variables = { ENVOY: envoy, ENVOY_CONFIG: file, ENVOY_ADMIN_ADDRESS: adminAddressFile };
  // A process group of its own: the entry point's Envoy ends with it.
  const child = spawn(program, programArgs, {
    env: { ...process.env, ...variables, ...environment },
    stdio,
    detached: true,
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (written += chunk));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  const end = killWithParent(() => killGroup(child), exited);
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { port, adminPort } = await ready(child, adminAddressFile);
    const { pid = 0 } = child;
    return { pid, port, adminPort, output: () => written, signal: (signal) => child.kill(signal), exited, stop };
  } catch {
    await stop();
    throw new UserError(`Envoy did not start: ${written.trim() || "it said nothing"}`);
  }
}

/** The same command, in a mount namespace in which /etc/hosts is another file. It keeps its process id. */
function withHosts(hosts: string, folder: string, command: readonly string[]): string[] {
  const file = join(folder, "hosts");
  writeFileSync(file, hosts);
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  return ["unshare", "--mount", ...asRoot, "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', file, ...command];
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

async function ready(child: ChildProcess, adminAddressFile: string): Promise<{ port: number; adminPort: number }> {
  const deadline = Date.now() + startLimitMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const adminPort = Number(existsSync(adminAddressFile) && readFileSync(adminAddressFile, "utf8").split(":").at(-1));
    if (adminPort === 0) continue;
    const admin = `http://127.0.0.1:${adminPort}`;
    const answer = await fetch(`${admin}/ready`).catch(() => undefined);
    if (!answer?.ok) continue;
    const { listener_statuses } = (await (await fetch(`${admin}/listeners?format=json`)).json()) as {
      listener_statuses: { local_address: { socket_address: { port_value: number } } }[];
    };
    const port = listener_statuses[0]?.local_address.socket_address.port_value;
    if (port !== undefined) return { port, adminPort };
  }
  throw new Error("Not ready");
}
