/** What the state commands share: where they run, what they may leave behind, and how they end. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Claim } from "../../constructs/terraform/addressed-stack";
import { diskUserError } from "../../lib/disk-error";
import { interruptedBy } from "../../lib/interruption";
import { calledFrom, fromCaller, project } from "../../lib/project";
import { report } from "../../lib/report";
import { scratchFolder } from "../../lib/scratch-folder";
import { shown, UserError } from "../../lib/user-error";
import { requireProfile } from "../../operations/profile";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { claimsOf } from "../../stacks/register";
import { initializedModule } from "../../state/initialized";
import { NotCleanError } from "../../state/not-clean";
import { requireModule } from "../../state/old-module";
import { ConflictError, describeBackend, LockedError } from "../../state/place";
import { Run, runsFolder } from "../../state/run";
import { Split } from "../../state/split";
import { firstWorkspace } from "../../terraform/named-state";
import { requireTerraform } from "../../terraform/prerequisites";
import { toolName } from "../../terraform/tool";
import { automaticVariableFiles } from "../../terraform/variable-files";
import { newCommand, perform, userErrorOf } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, type VarFileOption, variableFiles, withJson, withVarFile } from "../shared/options";

/** What the exit codes of split, resume and rollback mean. */
export const runExitCodes = {
  failed: "refused or failed: no state has changed",
  differs: "the plans would change something: no state has changed",
  unfinished: "stopped halfway, or somebody else has written since: go on with resume or rollback",
} as const;

export interface Session {
  /** The project's folder. */
  readonly project: string;
  /** Where the user has called from: relative paths count from there. */
  readonly calledFrom: string;
  readonly settings: Settings;
  readonly claims: readonly Claim[];
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

/** Sees to it that nothing that is written from here on, by Terraform either, can be read by others. */
export async function beginSession(): Promise<Session> {
  process.umask(0o077);
  await requireTerraform();
  const { settings: all } = loadSettings({ directory: project });
  if (all.environment !== undefined) {
    throw new UserError(
      `The settings are those of the environment ${shown(all.environment)}, and 02-app's state is the default environment's: run it with settings that have no environment.`,
    );
  }
  // The old state holds no images: the split leaves their stack alone.
  const settings = { ...all, images: { ...all.images, enabled: false } };
  if (settings.backend.type === "s3") await requireProfile(settings.backend.profile, "the setting backend.profile");
  const signal = interruptedBy(() => report(`Interrupted: waiting for ${toolName()} to end`));
  return { project, calledFrom, settings, claims: claimsOf(project, settings), signal, report };
}

/** A folder for copies of states that goes with the process. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = scratchFolder("state");
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function withPlanOptions(command: Command): Command {
  return withVarFile(
    command.option(
      "--hcl <dir>",
      "folder of the old module: whatever its own plan changes doesn't count as a difference",
    ),
    "after those that Terraform loads in the old module's folder by itself",
  );
}

export function withRunOptions(command: Command): Command {
  return withJson(
    command
      .option("--runs <dir>", `folder of the runs, with their backups (default: ${runsFolder} in the project)`)
      .addOption(
        new Option("--lock-timeout <duration>", "how long to wait for somebody else's lock: 30s, 5m")
          .argParser(lockTimeout)
          .default("0s", "0s"),
      ),
    "{run, status, places, backups}",
  );
}

/** A command on a run that split has begun. */
export function runCommand(name: string, description: string): Command {
  return withRunOptions(
    newCommand(name, description, runExitCodes)
      .argument("<run>", "id of the run, or its folder")
      .option("--unlock", "remove a lock that this run left when it was killed", false),
  );
}

function lockTimeout(text: string): string {
  if (!/^\d+(s|m|h)$/.test(text)) throw new InvalidArgumentError('Give a number with s, m or h, such as "5m".');
  return text;
}

export interface PlanOptions extends VarFileOption {
  readonly hcl?: string;
}

/** Absolute paths of what the plans need. */
export function planInputs({ hcl, varFile }: PlanOptions, module: string | undefined, session: Session) {
  const { report, settings } = session;
  const given = variableFiles({ varFile }, settings);
  const old = hcl === undefined ? undefined : requireModule(fromCaller(hcl));
  const variablesFrom = old ?? module;
  const own = variablesFrom === undefined ? [] : automaticVariableFiles(variablesFrom);
  if (own.length > 0) report(`Taking the variables from ${variablesFrom}: ${[...own, ...given].join(", ")}`);
  const workspace = old === undefined ? firstWorkspace : initializedModule(old).workspace;
  return {
    hcl: old,
    varFiles: given,
    variablesFrom,
    workspace: workspace === firstWorkspace ? undefined : workspace,
  };
}

export interface RunCommandOptions extends JsonOption {
  readonly runs?: string;
  readonly lockTimeout: string;
  readonly unlock?: boolean;
  /** @default true: a run that is resumed or rolled back was begun with it */
  readonly apply?: boolean;
}

export function runsOf({ runs }: RunCommandOptions, { project }: Session): string {
  return runs === undefined ? join(project, runsFolder) : fromCaller(runs);
}

/** The result of a command on a run, for people and for scripts. */
export function printResult(run: Run, json: boolean, sentence: string): void {
  const { id, status, targets } = run.record;
  const places = Object.fromEntries(
    Object.entries(targets).map(([stack, backend]) => [stack, describeBackend(backend)]),
  );
  const result = { run: id, status, places, backups: join(run.folder, "backup") };
  console.log(json ? JSON.stringify(result, null, 2) : sentence);
}

function diskError(error: unknown): UserError | undefined {
  return diskUserError(error, "name another folder with --runs");
}

/** As `perform`; a disk that is full can be another one. */
export function performOnRuns<Options extends object>(
  command: Command,
  main: (options: Options, args: readonly string[]) => Promise<void>,
): void {
  perform(command, main, { tellers: [diskError] });
}

/** As `performOnRuns`, for a command on one run, which is its argument. */
export function performOnRun(
  command: Command,
  main: (run: Run, session: Session, options: RunCommandOptions) => Promise<void>,
): void {
  performOnRuns<RunCommandOptions>(command, async (options, [given = ""]) => {
    const session = await beginSession();
    await main(Run.open(runsOf(options, session), given, session.calledFrom), session, options);
  });
}

/** Works on a run that nobody else works on. What stops it after the first write says how to go on. */
export async function workOn(
  run: Run,
  session: Session,
  options: RunCommandOptions,
  work: (split: Split) => Promise<void>,
): Promise<void> {
  const claim = run.claim();
  try {
    const { apply = true, lockTimeout, unlock } = options;
    await work(new Split(run, { ...session, apply, lockTimeout, unlock }));
  } catch (thrown) {
    const error = userErrorOf(thrown, [diskError]);
    if (error === undefined) throw thrown;
    process.exitCode = error instanceof NotCleanError ? exitCodes.differs : exitCodes.failed;
    const { status, direction } = run.record;
    const touched = direction === "back" ? status !== "rolled back" : status === "open" && run.hasWritten;
    let text = `Error: ${error.message}`;
    if (touched) {
      process.exitCode = exitCodes.unfinished;
      text += `\nThe run ${run.record.id} is not finished. ${ways(run)}`;
    } else if (error instanceof LockedError || error instanceof ConflictError) {
      text += "\nNothing was written.";
    }
    process.stderr.write(`${text}\n`);
  } finally {
    claim.release();
    run.tidy();
  }
}

function ways(run: Run): string {
  const { id, direction } = run.record;
  const back = `bin/state/rollback ${id}`;
  return direction === "back" ? `Go on with ${back}` : `Go on with bin/state/resume ${id}, or back with ${back}`;
}
