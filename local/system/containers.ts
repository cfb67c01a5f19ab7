/** How the containers are, as the engine tells it. */
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import type { SystemRecord } from "./record";

/** `running` is all that is known of a container without a check. */
export type Health = "healthy" | "starting" | "unhealthy" | "running" | "stopped" | "absent";

export interface ContainerStatus {
  readonly name: string;
  readonly service: string;
  readonly health: Health;
  /** Beyond the word: exit code, or since when. */
  readonly detail: string;
}

interface Inspected {
  readonly Name: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
    readonly Healthcheck?: { readonly Status: string };
  };
  readonly Config: { readonly Healthcheck?: { readonly Test?: readonly string[] } };
}

export function isWell({ health }: ContainerStatus): boolean {
  return health === "healthy" || health === "running";
}

/** @param names those to look at. @default all */
export async function containerStatuses(record: SystemRecord, names?: readonly string[]): Promise<ContainerStatus[]> {
  const wanted = record.containers.filter(({ name }) => names === undefined || names.includes(name));
  const full = (name: string) => `${record.name}-${name}`;
  const { program } = record.engine;
  const list = await runProcess(program, ["ps", "--all", "--format", "{{.Names}}"]);
  if (list.exitCode !== 0) throw new UserError(`${program} doesn't answer: ${list.stderr.trim()}`);
  const there = new Set(list.stdout.split("\n"));
  const present = wanted.filter(({ name }) => there.has(full(name)));
  const inspected =
    present.length === 0
      ? []
      : await inspect(
          program,
          present.map(({ name }) => full(name)),
        );
  return Promise.all(
    wanted.map(async ({ name, service }) => {
      const found = inspected.find(({ Name }) => Name.replace(/^\//, "") === full(name));
      return { name, service, ...(found === undefined ? absent : await healthOf(program, full(name), found)) };
    }),
  );
}

const absent = { health: "absent", detail: "" } as const;

async function inspect(program: string, names: readonly string[]): Promise<Inspected[]> {
  const { exitCode, stdout } = await runProcess(program, ["container", "inspect", ...names]);
  // One that has gone meanwhile is absent next time.
  return exitCode === 0 ? JSON.parse(stdout) : [];
}

async function healthOf(
  program: string,
  name: string,
  { State: state, Config: config }: Inspected,
): Promise<Pick<ContainerStatus, "health" | "detail">> {
  if (state.Status !== "running") return { health: "stopped", detail: `${state.Status}, exit code ${state.ExitCode}` };
  const detail = `since ${state.StartedAt.slice(0, 19).replace("T", " ")}`;
  const told = (state.Health ?? state.Healthcheck)?.Status;
  if (config.Healthcheck === undefined || told === undefined || told === "") return { health: "running", detail };
  if (told === "healthy") return { health: "healthy", detail };
  if (told === "unhealthy") return { health: "unhealthy", detail };
  // Not waited for: podman without systemd never runs a check by itself.
  const [kind = "", ...words] = config.Healthcheck.Test ?? [];
  const check = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  const { exitCode } = await runProcess(program, ["exec", name, ...check]);
  return { health: exitCode === 0 ? "healthy" : "starting", detail };
}

/** The last lines that a container has written. */
export async function lastLines({ name, engine }: SystemRecord, container: string, count: number): Promise<string[]> {
  const { stdout, stderr } = await runProcess(engine.program, [
    "logs",
    "--tail",
    String(count),
    `${name}-${container}`,
  ]);
  return `${stdout}${stderr}`.trim().split("\n").slice(-count);
}

/**
 * Waits until containers are well.
 * @throws UserError for one that has stopped or isn't well in time, with its last lines
 */
export async function waitUntilWell(
  record: SystemRecord,
  names: readonly string[],
  {
    limitMs = 180_000,
    signal,
    report,
  }: { limitMs?: number; signal?: AbortSignal; report?: (line: string) => void } = {},
): Promise<void> {
  const deadline = Date.now() + limitMs;
  const told = new Set<string>();
  for (;;) {
    const statuses = await containerStatuses(record, names);
    for (const { name } of statuses.filter(isWell)) {
      if (!told.has(name)) report?.(`  ${name} is well`);
      told.add(name);
    }
    if (statuses.every(isWell) || signal?.aborted) return;
    const stopped = statuses.find(({ health }) => health === "stopped" || health === "absent");
    const failed = stopped ?? (Date.now() > deadline ? statuses.find((one) => !isWell(one)) : undefined);
    if (failed !== undefined) {
      const how = failed === stopped ? `has stopped (${failed.detail || failed.health})` : "isn't well yet";
      const lines = await lastLines(record, failed.name, 15);
      throw new UserError(
        `${failed.name} ${how}. It wrote last:\n${lines.map((line) => `  ${line}`).join("\n")}\nMore: npm run local -- logs ${failed.name}. Take everything away: npm run local -- down.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export interface LogOptions {
  /** How many of the last lines of each. */
  readonly tail: string;
  /** Goes on until the containers end, or the signal comes. */
  readonly follow: boolean;
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What containers write, each line behind the container's name where there are several. */
export async function containerLogs(
  { name, engine }: SystemRecord,
  containers: readonly string[],
  { tail, follow, onLine, signal }: LogOptions,
): Promise<void> {
  const width = Math.max(...containers.map((one) => one.length));
  const ends = await Promise.all(
    containers.map(async (container) => {
      const prefix = containers.length === 1 ? "" : `${container.padEnd(width)}  `;
      const args = ["logs", "--tail", tail, ...(follow ? ["--follow"] : []), `${name}-${container}`];
      const result = await runProcess(engine.program, args, { onLine: (line) => onLine(`${prefix}${line}`), signal });
      return { container, ...result };
    }),
  );
  const failed = ends.find(({ exitCode }) => exitCode !== 0);
  if (failed === undefined || signal?.aborted) return;
  throw new UserError(
    `${engine.program} has no logs of ${failed.container}: ${failed.stderr.trim().split("\n").at(-1)}`,
  );
}
