/** Parts a state into the stacks' two; without --apply it proves on copies that this would change nothing. */
import { resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../../lib/user-error";
import { stateBucketWarning } from "../../state/bucket";
import { configuredBackends, type Located, locate } from "../../state/locate";
import type { StackId } from "../../state/parting";
import { type Backend, describeBackend, isSamePlace } from "../../state/place";
import { Run } from "../../state/run";
import {
  beginSession,
  perform,
  planInputs,
  printResult,
  type RunCommandOptions,
  runsOf,
  type Session,
  withPlanOptions,
  withRunOptions,
  withTemporaryFolder,
  workOn,
} from "./session";

interface SplitCommandOptions extends RunCommandOptions {
  readonly from: string;
  readonly hcl?: string;
  readonly varFile: string[];
  readonly apply: boolean;
}

const command = withRunOptions(
  withPlanOptions(
    new Command("bin/state/split")
      .description(
        "Parts a state into those of network and app. Without --apply: proves on temporary copies that real plans of both stacks then change nothing but outputs.",
      )
      .requiredOption("--from <place>", "the old module's folder, state file or s3://bucket/key"),
  ).option("--apply", "write the states, after the same proof and with backups", false),
);

/** The app's state goes on where the old one lies; only local files may be taken over from elsewhere. */
function refuseOtherPlaces({ backend }: Located, targets: Record<StackId, Backend>): void {
  const { app, network } = targets;
  const [from, to] = [backend, app].map(describeBackend);
  if (backend.type !== app.type) {
    throw new UserError(
      `The old state is at ${from}, but the settings put the app's at ${to}: set backend.type to "${backend.type}"${backend.type === "s3" ? " with bucket and keys.app" : ""}, so that app keeps its place.`,
    );
  }
  if (backend.type === "s3" && !isSamePlace(backend, app)) {
    throw new UserError(
      `The old state is at ${from}, but the settings put the app's at ${to}: set backend.bucket and backend.keys.app to the place that the old module has, or name the right key.`,
    );
  }
  if (isSamePlace(backend, network)) {
    throw new UserError(
      `The old state is at ${from}, where the settings put the network's: give backend.keys.network another place.`,
    );
  }
  const { dynamodb_table: oldTable } = backend.arguments;
  if (backend.type === "s3" && oldTable !== undefined && oldTable !== app.arguments.dynamodb_table) {
    throw new UserError(
      `The old module locks its state in the table ${oldTable}, the settings don't: set backend.dynamodbTable to it, so that one lock keeps both out.`,
    );
  }
}

async function split(runs: string, options: SplitCommandOptions, session: Session): Promise<void> {
  const { project, settings, calledFrom, report } = session;
  const located = locate(options.from, calledFrom, project, settings);
  const targets = configuredBackends(project, settings);
  if (options.apply) {
    refuseOtherPlaces(located, targets);
    const warning = await stateBucketWarning(targets.app);
    if (warning !== undefined) report(warning);
  }
  const { hcl, varFiles } = planInputs(options, located.module, session);
  const run = Run.create(runs, { source: located.backend, targets, hcl, varFiles });
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

async function main(): Promise<void> {
  const options = command.parse().opts<SplitCommandOptions>();
  const session = await beginSession(resolve(__dirname, "..", ".."));
  if (options.apply) await split(runsOf(options, session), options, session);
  else await withTemporaryFolder((folder) => split(folder, options, session));
}

perform(main);
