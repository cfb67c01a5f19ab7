/** What trials leave behind: one that was kept, and one that was killed. Their processes are found by a variable of theirs. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aloneOrRefused } from "../../lib/alone";
import { endProcesses, isSameProcess, processesWithVariable, startOf } from "../../lib/process-identity";
import { UserError } from "../../lib/user-error";
import { writeWhole } from "../../lib/write-whole";

/** Of the trials in one project. */
export class TrialPlace {
  /** Where the states and everything else of a trial are. */
  readonly folder: string;
  private readonly record: string;
  private readonly lockFile: string;

  constructor(project: string) {
    this.folder = join(project, ".trial");
    this.record = join(this.folder, "local-aws.json");
    this.lockFile = join(project, ".cache", "trial.lock");
  }

  /** For every process that a trial starts: it inherits what tells whose it is. */
  get marker(): NodeJS.ProcessEnv {
    return { TRIAL_FOLDER: this.folder };
  }

  /** @throws UserError where a trial runs or is kept here already */
  whileAlone<Result>(work: () => Promise<Result>): Promise<Result> {
    const refuse = (pid: number) =>
      new UserError(
        `A trial is running in this folder already (process ${pid}): wait for its end, or end it with Ctrl-C.`,
      );
    return aloneOrRefused(this.lockFile, refuse, async () => {
      const kept = this.keptProcess();
      if (kept !== undefined) {
        throw new UserError(`A trial was kept (process ${kept}): stop it first with \`npm run trial -- --stop\`.`);
      }
      await this.clear();
      return work();
    });
  }

  /** Remembers the local AWS that goes on. */
  keep(pid: number): void {
    writeWhole(this.record, JSON.stringify({ pid, start: startOf(pid) }));
  }

  /**
   * Ends what a kept or killed trial has left, and removes its folder.
   * @returns whether there was a kept one
   * @throws UserError where there is nothing, or a trial is under way
   */
  stop(): Promise<"kept" | "killed"> {
    const refuse = (pid: number) =>
      new UserError(`A trial is running in this folder (process ${pid}): end it with Ctrl-C where it runs.`);
    return aloneOrRefused(this.lockFile, refuse, async () => {
      const wasKept = existsSync(this.record);
      if (!(await this.clear())) throw new UserError("No trial was kept: there is nothing to stop.");
      return wasKept ? "kept" : "killed";
    });
  }

  /** @returns whether there was anything */
  private async clear(): Promise<boolean> {
    const recorded = this.recorded();
    const pids = new Set([...processesWithVariable("TRIAL_FOLDER", this.folder), ...(recorded ? [recorded] : [])]);
    const isThere = existsSync(this.folder);
    await endProcesses([...pids]);
    rmSync(this.folder, { recursive: true, force: true });
    return isThere || pids.size > 0;
  }

  /** The process of a kept trial that still runs, even where its record was damaged. */
  private keptProcess(): number | undefined {
    if (!existsSync(this.record)) return undefined;
    return this.recorded() ?? processesWithVariable("TRIAL_FOLDER", this.folder)[0];
  }

  /** The process of the record, if it still is the one that was meant. */
  private recorded(): number | undefined {
    try {
      const { pid, start } = JSON.parse(readFileSync(this.record, "utf8"));
      return isSameProcess(pid, start) ? pid : undefined;
    } catch {
      // There is none, or it was cut.
      return undefined;
    }
  }
}
