/** Containers of an engine, as a test runs and looks at them. */
import { readFileSync } from "node:fs";
import { freePort } from "../../../lib/free-port";
import { untilAsync } from "../processes";
import type { Engine } from "./engine";

export interface Container {
  readonly name: string;
  /** In the engine's network. */
  readonly address: string;
  /** On the loopback interface, of the one that was published. */
  readonly port: number;
  /** Of the first process, as the kernel tells it: `Uid`, `CapEff`, `NoNewPrivs`. */
  status(field: string): string;
  /** Runs a health check as ECS does. @returns its exit code */
  check(command: string): Promise<number>;
  logs(): Promise<string>;
  /** SIGTERM, or the image's own signal. @returns exit code and milliseconds */
  stop(limitSeconds?: number): Promise<{ readonly exitCode: number; readonly milliseconds: number }>;
  remove(): Promise<void>;
}

export interface ContainerOptions {
  readonly network?: string;
  /** The container's port that is published. */
  readonly port: number;
  /** Options of `podman run`. */
  readonly options?: readonly string[];
  readonly command?: readonly string[];
}

let count = 0;

/** The options with which a container has nothing that it doesn't need. */
export const hardened = ["--cap-drop=all", "--security-opt=no-new-privileges"];
export const readOnly = {
  "with a /tmp in memory": ["--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:rw,mode=1777"],
  "without any": ["--read-only", "--read-only-tmpfs=false", "--image-volume=ignore"],
} as const;

export async function runContainer(
  engine: Engine,
  image: string,
  { network = "podman", port, options = [], command = [] }: ContainerOptions,
): Promise<Container> {
  count += 1;
  const name = `tried-${count}`;
  const hostPort = await freePort();
  await engine.podman(
    ...["run", "--detach", "--name", name, "--network", network, "--publish", `127.0.0.1:${hostPort}:${port}`],
    ...[...options, image, ...command],
  );
  const [inspected] = JSON.parse(await engine.podman("container", "inspect", name));
  const networks = Object.values(inspected.NetworkSettings.Networks) as { IPAddress: string }[];
  return {
    name,
    address: networks[0]?.IPAddress ?? "",
    port: hostPort,
    status: (field) =>
      new RegExp(`^${field}:\\s*(.*)$`, "m").exec(readFileSync(`/proc/${inspected.State.Pid}/status`, "utf8"))?.[1] ??
      "",
    check: async (text) => (await engine.tryPodman("exec", name, "/bin/sh", "-c", text)).exitCode,
    logs: async () => {
      const { stdout, stderr } = await engine.tryPodman("logs", name);
      return stdout + stderr;
    },
    stop: async (limitSeconds = 30) => {
      const started = Date.now();
      await engine.podman("stop", "--time", String(limitSeconds), name);
      const milliseconds = Date.now() - started;
      const code = await engine.podman("container", "inspect", "--format", "{{.State.ExitCode}}", name);
      return { exitCode: Number(code), milliseconds };
    },
    remove: async () => {
      await engine.podman("rm", "--force", "--time", "0", name);
    },
  };
}

/** Waits until the health check succeeds. @throws with the container's log where it doesn't */
export async function untilHealthy(container: Container, isHealthy: () => Promise<boolean>): Promise<void> {
  await untilAsync(isHealthy, `${container.name} to be well`, 30_000).catch(async (error) => {
    throw new Error(`${error.message}\n${await container.logs()}`);
  });
}
