/** Takes a split that was interrupted to its end. */
import { UserError } from "../../lib/user-error";
import { performOnRun, printResult, runCommand, workOn } from "./session";

const command = runCommand(
  "bin/state/resume",
  "Finishes a split that was interrupted, wherever it stopped, if nobody else has written since.",
);

performOnRun(command, async (run, session, options) => {
  const { id, status, direction } = run.record;
  if (status === "rolled back")
    throw new UserError(`The run ${id} was rolled back: start a new one with bin/state/split.`);
  if (direction === "back")
    throw new UserError(`The run ${id} is on its way back: finish that with bin/state/rollback ${id}.`);
  if (status === "split") {
    await workOn(run, session, options, async (split) => {
      await split.refuseOldState();
      printResult(run, options.json, `The run ${id} has ended already: the state is split.`);
    });
    return;
  }
  await workOn(run, session, options, async (split) => {
    await split.forward("verify");
    printResult(run, options.json, "Done: the state is split.");
  });
});
