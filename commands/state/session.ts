/** What the state commands share: where they run, what they may leave behind, and how they end. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Claim } from "../../constructs/terraform/addressed-stack";
import { requireTerraform } from "../../lib/prerequisites";
import { report } from "../../lib/report";
import { shown, UserError } from "../../lib/user-error";
import { loadSettings } from "../../settings/load";
import type { Settings } from "../../settings/schema";
import { claimsOf } from "../../stacks/register";
import { ownVariableFiles, requireModule } from "../../state/old-module";
import { ConflictError, describeBackend, LockedError } from "../../state/place";
import { type Run, runsFolder } from "../../state/run";
import { NotCleanError, Split } from "../../state/split";

/** Exit codes of all state commands. */
export const exitCodes = {
  done: 0,
  /** Refused or failed; the states are as they were. */
  failed: 1,
  differences: 2,
  /** Stopped on its way: resume or roll back. */
  unfinished: 3,
} as const;

export const exitCodeHelp = `
Exit codes:
  0  done
  1  refused or failed: no state has changed
  2  differences: the plans are not clean (check, split)
  3  stopped on the way, or others have written since: a run waits for resume or rollback`;

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

/**
 * Goes to the project's folder, and sees to it that nothing that is written from here on, by Terraform either, can be
 * read by others.
 */
export async function beginSession(project: string): Promise<Session> {
  const calledFrom = process.cwd();
  process.chdir(project);
  process.umask(0o077);
  await requireTerraform();
  const { settings: all } = loadSettings({ directory: project });
  // The old state holds no images: their stack has nothing to do with its parting.
  const settings = { ...all, images: { ...all.images, enabled: false } };
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) report("Interrupted: waiting for Terraform to end");
      interruption.abort();
    });
  }
  return { project, calledFrom, settings, claims: claimsOf(settings), signal: interruption.signal, report };
}

/** A folder for copies of states that goes with the process. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function withPlanOptions(command: Command): Command {
  return command
    .option("--hcl <dir>", "folder of the old module: what its own plan changes is no difference")
    .option(
      "--var-file <file...>",
      "files of values for the Terraform variables (default: those that Terraform loads in the old module's folder)",
      [],
    );
}

export function withRunOptions(command: Command): Command {
  return command
    .option("--runs <dir>", `folder of the runs, with their backups (default: ${runsFolder} in the project)`)
    .option("--lock-timeout <duration>", "wait for a lock that somebody holds: 30s, 5m", lockTimeout, "0s")
    .option("--json", "the result as JSON", false)
    .addHelpText("after", exitCodeHelp);
}

function lockTimeout(text: string): string {
  if (!/^\d+(s|m|h)$/.test(text)) throw new InvalidArgumentError('Give a number with s, m or h, such as "5m".');
  return text;
}

export interface PlanOptions {
  readonly hcl?: string;
  readonly varFile: readonly string[];
}

/** Absolute paths of what the plans need. */
export function planInputs({ hcl, varFile }: PlanOptions, module: string | undefined, session: Session) {
  const { calledFrom, report } = session;
  const given = varFile.map((file) => resolve(calledFrom, file));
  const absent = given.filter((file) => !existsSync(file));
  if (absent.length > 0) throw new UserError(`--var-file is ${shown(absent[0])}, but there is no such file.`);
  const old = hcl === undefined ? undefined : requireModule(resolve(calledFrom, hcl));
  const folder = old ?? module;
  const own = given.length > 0 || folder === undefined ? [] : ownVariableFiles(folder);
  if (own.length > 0) report(`Taking the variables from ${own.join(", ")}`);
  return { hcl: old, varFiles: [...given, ...own] };
}

export interface RunCommandOptions {
  readonly runs?: string;
  readonly lockTimeout: string;
  readonly json: boolean;
  readonly unlock?: boolean;
  /** @default true: a run that is resumed or rolled back was begun with it */
  readonly apply?: boolean;
}

export function runsOf({ runs }: RunCommandOptions, { calledFrom, project }: Session): string {
  return runs === undefined ? join(project, runsFolder) : resolve(calledFrom, runs);
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

/** What the disk refuses is no fault of the program's. */
function asUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOSPC: "there is no space left on the disk: make room, or name another place with --runs",
    EDQUOT: "there is no space left in the quota: make room, or name another place with --runs",
    EACCES: "permission is denied: run it as the folder's user, or name another place with --runs",
    EPERM: "permission is denied: run it as the folder's user, or name another place with --runs",
    EROFS: "the file system is read-only: name another place with --runs",
  };
  const reason = code === undefined ? undefined : reasons[code];
  if (reason === undefined) throw error;
  return new UserError(`${path ?? "A file of the run"} can't be written: ${reason}.`);
}

/** Runs a command to its end; what it could not do for want of space or permission is one sentence. */
export function perform(main: () => Promise<void>): void {
  main().catch((error) => {
    process.stderr.write(`Error: ${asUserError(error).message}\n`);
    process.exitCode = exitCodes.failed;
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
    const error = asUserError(thrown);
    process.exitCode = error instanceof NotCleanError ? exitCodes.differences : exitCodes.failed;
    const { status, pushing, direction } = run.record;
    const isMoving = run.isDone("push network") || pushing !== undefined;
    const touched = direction === "back" ? status !== "rolled back" : status === "open" && isMoving;
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
