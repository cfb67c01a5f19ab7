/**
 * A container engine of a test's own: podman with images, networks and runtime files in one folder. Its mounts are seen by it
 * alone, so that it needs no more of the machine than root: no systemd, no cgroups that are its own, no free limits.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../../lib/run-process";
import { missingForEngine } from "../../../tools/container-engine";

export interface Engine {
  readonly folder: string;
  /** With which any program finds this engine as `podman`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs podman. @throws where it fails */
  podman(...args: readonly string[]): Promise<string>;
  /** The same, whatever the exit code is. */
  tryPodman(...args: readonly string[]): Promise<RunResult>;
  /** Takes everything away. */
  stop(): Promise<void>;
}

/**
 * What lies over the machine's own folders. crun refuses the hybrid of both versions of cgroups; of the second one alone it needs
 * nothing more than to be there. The others are where engines keep what is beyond their folders.
 */
const mounts = `
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for folder in /var/lib/cni /run/netns /run/containers /run/libpod; do
  mkdir -p "$folder"
  mount -t tmpfs tmpfs "$folder"
done
echo mounted
exec sleep infinity
`;

/** Nobody may raise a limit above the machine's own. */
function limit(option: string, wanted: number): number {
  const hard = execFileSync("bash", ["-c", `ulimit -H ${option}`], { encoding: "utf8" }).trim();
  return Math.min(wanted, Number(hard) || wanted);
}

/** A private network of 256 addresses of which this machine has none. */
export function freeSubnet(): string {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (let third = 100; third < 250; third += 1) {
    const prefix = `10.97.${third}.`;
    if (!own.some(({ address }) => address.startsWith(prefix))) return `${prefix}0/24`;
  }
  throw new Error("Every subnet is in use");
}

export interface EngineOptions {
  /** Stores of images that it reads, and that others may read at the same time. */
  readonly imageStores?: readonly string[];
  /** Registries without TLS. */
  readonly registries?: readonly string[];
  /** @default a new one */
  readonly folder?: string;
}

function configure(folder: string, { imageStores = [], registries = [] }: EngineOptions): NodeJS.ProcessEnv {
  const file = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
    return join(folder, name);
  };
  const files = limit("-n", 8192);
  const processes = limit("-u", 8192);
  return {
    CONTAINERS_STORAGE_CONF: file("storage.conf", [
      "[storage]",
      'driver = "overlay"',
      `graphroot = "${folder}/root"`,
      `runroot = "${folder}/run"`,
      "[storage.options]",
      `additionalimagestores = ${JSON.stringify(imageStores)}`,
    ]),
    CONTAINERS_CONF: file("containers.conf", [
      "[containers]",
      'cgroups = "disabled"',
      `default_ulimits = ["nofile=${files}:${files}", "nproc=${processes}:${processes}"]`,
      "[engine]",
      'cgroup_manager = "cgroupfs"',
      'events_logger = "file"',
      'lock_type = "file"',
      'runtime = "crun"',
      `static_dir = "${folder}/libpod"`,
      `tmp_dir = "${folder}/tmp"`,
      `volume_path = "${folder}/volumes"`,
      "[network]",
      `network_config_dir = "${folder}/networks"`,
    ]),
    CONTAINERS_REGISTRIES_CONF: file(
      "registries.conf",
      registries.map((name) => `[[registry]]\nlocation = "${name}"\ninsecure = true\n`),
    ),
    REGISTRY_AUTH_FILE: file("auth.json", ["{}"]),
    // RUN has the machine's network and no container of its own.
    BUILDAH_ISOLATION: "chroot",
  };
}

/** @returns the process that keeps the mounts */
async function holdMounts(): Promise<ChildProcess> {
  const holder = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-euc", mounts], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  holder.stderr.on("data", (chunk) => (said += chunk));
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", () => resolve());
    holder.once("exit", () => reject(new Error(`There is no engine without mounts of its own: ${said}`)));
  });
  return holder;
}

/** @throws with what is missing for an engine */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const missing = missingForEngine();
  if (missing !== undefined) throw new Error(`Images can't be run here: ${missing}.`);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "engine-"));
  for (const name of ["bin", "networks"]) mkdirSync(join(folder, name), { recursive: true });
  // Users in containers look into what is mounted from here.
  chmodSync(folder, 0o755);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...configure(folder, options),
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
  };
  const program = execFileSync("sh", ["-c", "command -v podman"], { encoding: "utf8" }).trim();
  const holder = await holdMounts();
  writeFileSync(
    join(folder, "bin", "podman"),
    `#!/bin/sh\nexec nsenter --mount=/proc/${holder.pid}/ns/mnt --wdns="$PWD" ${program} "$@"\n`,
    { mode: 0o755 },
  );
  const tryPodman = (...args: readonly string[]) => runProcess(join(folder, "bin", "podman"), args, { environment });
  const podman = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await tryPodman(...args);
    if (exitCode !== 0) throw new Error(`podman ${args.join(" ")}: ${stderr || stdout}`);
    return stdout.trim();
  };
  return {
    folder,
    environment,
    podman,
    tryPodman,
    stop: async () => {
      await tryPodman("rm", "--all", "--force", "--time", "0");
      const networks = (await tryPodman("network", "ls", "--format", "{{.Name}}")).stdout.trim().split("\n");
      for (const name of networks.filter((one) => one !== "podman")) await tryPodman("network", "rm", "--force", name);
      const ended = new Promise((resolve) => holder.once("exit", resolve));
      holder.kill("SIGKILL");
      await ended;
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
