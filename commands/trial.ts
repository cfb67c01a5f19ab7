/** Deploys both stacks to a local AWS. */
import { interruptedBy } from "../lib/interruption";
import { UserError } from "../lib/user-error";
import { mismatches } from "../local/trial/path/show";
import { runTrial, say, stopKept, type TrialOptions } from "../local/trial/trial";
import { newCommand, perform } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";

const command = newCommand(
  "npm run trial --",
  "Deploys both stacks to a local AWS (moto) with the real Terraform and AWS provider, and sends requests through the real Envoy and the authorizer. Needs no AWS account.",
  {
    done: "both stacks are deployed, a second plan changes nothing, and each request is answered as expected",
    failed: "it can't be made, or a request isn't answered as expected: the error says why",
    differs: "a second plan changes something",
    interrupted: "interrupted by Ctrl-C: what was started is stopped",
  },
)
  .option("--keep", "keep the local AWS and the states, so that you can look around", false)
  .option("--stop", "stop a trial that was kept", false)
  .option("--region <region>", "region of the local AWS", "us-east-1");

perform<TrialOptions & { readonly stop: boolean }>(command, async (options) => {
  if (options.stop) {
    await stopKept();
    return;
  }
  const signal = interruptedBy(() => say("Interrupted: stopping what was started"));
  try {
    const { replanned, path } = await runTrial(options, signal);
    const wrong = mismatches(path.results);
    if (wrong.length > 0) throw new UserError(`The request path isn't as expected. ${wrong.join("; ")}.`);
    process.exitCode = replanned.every(({ clean }) => clean) ? exitCodes.done : exitCodes.differs;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = exitCodes.interrupted;
  }
});
