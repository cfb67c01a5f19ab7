/** Brings back the states that were there before a split. */
import { performOnRun, printResult, runCommand, workOn } from "./session";

const command = runCommand(
  "bin/state/rollback",
  "Brings back the original states, wherever the split stopped, if nobody else has written since.",
);

performOnRun(command, async (run, session, options) => {
  if (run.record.status === "rolled back") {
    printResult(run, options.json, `The run ${run.record.id} was rolled back already.`);
    return;
  }
  await workOn(run, session, options, async (split) => {
    const hasWritten = await split.back();
    const sentence = hasWritten
      ? "Done: the states are as they were."
      : `The run ${run.record.id} has written nothing: there was nothing to roll back.`;
    printResult(run, options.json, sentence);
  });
});
