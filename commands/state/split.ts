/** Splits a state into the stacks' two; without --apply it proves on copies that this would change nothing. */
import { dirname } from "node:path";
import { stateBucketWarning } from "../../state/bucket";
import { refuseHeldLocks } from "../../state/held-lock";
import { configuredBackends, locate } from "../../state/locate";
import type { Backend } from "../../state/place";
import { refuseOtherPlaces, refuseUnwritable } from "../../state/refused-places";
import { Run } from "../../state/run";
import type { StackId } from "../../state/split-state";
import { newCommand } from "../shared/command";
import {
  beginSession,
  type PlanOptions,
  performOnRuns,
  planInputs,
  printResult,
  type RunCommandOptions,
  runExitCodes,
  runsOf,
  type Session,
  withPlanOptions,
  withRunOptions,
  withTemporaryFolder,
  workOn,
} from "./session";

interface SplitCommandOptions extends RunCommandOptions, PlanOptions {
  readonly from: string;
  readonly apply: boolean;
}

const command = withRunOptions(
  withPlanOptions(
    newCommand(
      "bin/state/split",
      "Splits a state into those of network and app. Without --apply: proves on temporary copies that real plans of both stacks then change nothing but outputs.",
      runExitCodes,
    ).requiredOption("--from <state>", "the old module's folder, state file or s3://bucket/key"),
  ).option("--apply", "write the states, after the same proof and with backups", false),
);

/** What an apply would be refused for at its writing. */
async function refuseAsApply(targets: Record<StackId, Backend>, options: SplitCommandOptions, session: Session) {
  refuseUnwritable(runsOf(options, session), "The run's record and its backups");
  for (const { type, arguments: given } of Object.values(targets)) {
    if (type === "local") refuseUnwritable(dirname(String(given.path)), "The states");
  }
  if (options.lockTimeout === "0s") await refuseHeldLocks(Object.values(targets));
}

async function split(runs: string, options: SplitCommandOptions, session: Session): Promise<void> {
  const { project, settings, calledFrom, report } = session;
  const located = locate(options.from, calledFrom, project, settings);
  for (const note of located.notes) report(note);
  const targets = configuredBackends(project, settings);
  refuseOtherPlaces(located.backend, targets);
  if (!options.apply) await refuseAsApply(targets, options, session);
  const warning = await stateBucketWarning(targets.app);
  if (warning !== undefined) report(warning);
  const inputs = planInputs(options, located.module, session);
  const run = Run.create(runs, { source: located.backend, targets, ...inputs });
  if (options.apply) report(`Run ${run.record.id}`);
  await workOn(run, session, options, async (work) => {
    await work.forward(options.apply ? "verify" : "prove");
    printResult(
      run,
      options.json,
      options.apply
        ? `Done: the state is split. The way back, while nobody has written since: bin/state/rollback ${run.record.id}`
        : "Proven on copies; no state was written. The same with --apply does it.",
    );
  });
}

performOnRuns<SplitCommandOptions>(command, async (options) => {
  const session = await beginSession();
  if (options.apply) await split(runsOf(options, session), options, session);
  else await withTemporaryFolder((folder) => split(folder, options, session));
});
