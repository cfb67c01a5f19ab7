/** Takes a split that was interrupted to its end. */
import { resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../../lib/user-error";
import { Run } from "../../state/run";
import { beginSession, perform, printResult, type RunCommandOptions, runsOf, withRunOptions, workOn } from "./session";

const command = withRunOptions(
  new Command("bin/state/resume")
    .description(
      "Takes a split that was interrupted to its end, from wherever it stopped, if nobody else has written since.",
    )
    .argument("<run>", "id of the run, or its folder")
    .option("--unlock", "take off a lock that this run has left when it was killed", false),
);

async function main(): Promise<void> {
  const options = command.parse().opts<RunCommandOptions>();
  const session = await beginSession(resolve(__dirname, "..", ".."));
  const run = Run.open(runsOf(options, session), command.args[0] ?? "", session.calledFrom);
  const { id, status, direction } = run.record;
  if (status === "rolled back")
    throw new UserError(`The run ${id} was rolled back: begin a new one with bin/state/split.`);
  if (direction === "back")
    throw new UserError(`The run ${id} is on its way back: finish that with bin/state/rollback ${id}.`);
  if (status === "split") {
    printResult(run, options.json, `The run ${id} has ended already: the state is split.`);
    return;
  }
  await workOn(run, session, options, async (split) => {
    await split.forward("verify");
    printResult(run, options.json, "Done: the state is split.");
  });
}

perform(main);
