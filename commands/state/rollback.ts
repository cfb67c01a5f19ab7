/** Brings back the states that were there before a split. */
import { resolve } from "node:path";
import { Command } from "commander";
import { Run } from "../../state/run";
import { beginSession, perform, printResult, type RunCommandOptions, runsOf, withRunOptions, workOn } from "./session";

const command = withRunOptions(
  new Command("bin/state/rollback")
    .description(
      "Brings back the original content of the states, from wherever a split stopped, if nobody else has written since.",
    )
    .argument("<run>", "id of the run, or its folder")
    .option("--unlock", "take off a lock that this run has left when it was killed", false),
);

async function main(): Promise<void> {
  const options = command.parse().opts<RunCommandOptions>();
  const session = await beginSession(resolve(__dirname, "..", ".."));
  const run = Run.open(runsOf(options, session), command.args[0] ?? "", session.calledFrom);
  if (run.record.status === "rolled back") {
    printResult(run, options.json, `The run ${run.record.id} was rolled back already.`);
    return;
  }
  await workOn(run, session, options, async (split) => {
    await split.back();
    printResult(run, options.json, "Done: the states are as they were.");
  });
}

perform(main);
