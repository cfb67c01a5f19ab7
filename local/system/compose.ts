/** The engine's compose command over the system's file. */
import { runProcess } from "../../lib/run-process";
import { UserError } from "../../lib/user-error";
import type { ComposeFile } from "./compose-file";
import { waitUntilWell } from "./containers";
import { surroundings } from "./places";
import type { SystemFolder, SystemRecord } from "./record";

interface ComposeOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs a compose command. @throws UserError with the engine's own words */
export async function compose(
  { engine, name }: SystemRecord,
  folder: SystemFolder,
  args: readonly string[],
  { secrets = {}, signal }: ComposeOptions = {},
): Promise<void> {
  const [command = "", ...words] = engine.compose;
  const all = [...words, "--file", folder.file("compose.yaml"), ...args];
  const { exitCode, stdout, stderr } = await runProcess(command, all, {
    environment: { ...process.env, COMPOSE_PROJECT_NAME: name, ...secrets },
    signal,
  });
  if (exitCode === 0 || signal?.aborted) return;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-8);
  throw new UserError(
    `${engine.compose.join(" ")} ${args[0]} ended with exit code ${exitCode}:\n${said.map((line) => `  ${line}`).join("\n")}`,
  );
}

export interface StartOptions {
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Only in the environment of the engine's command, from which it hands them on. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Starts what the file has, in the order in which it needs each other; returns when all is well. */
export async function startContainers(
  record: SystemRecord,
  folder: SystemFolder,
  file: ComposeFile,
  { report, signal, secrets }: StartOptions,
): Promise<void> {
  const all = Object.keys(file.services);
  // The local AWS writes its users into the database, and the authorizer asks it for the keys.
  const steps = [[surroundings.database], [surroundings.aws], all];
  for (const step of steps) {
    if (signal?.aborted) return;
    report(step === all ? "Starting the services" : `Starting ${step.join(" and ")}`);
    await compose(record, folder, ["up", "--detach", ...(step === all ? [] : step)], { secrets, signal });
    await waitUntilWell(record, step, { signal, report });
  }
}
