/** Deploys both stacks to a local AWS. */
import { interruptedBy } from "../lib/interruption";
import { project } from "../lib/project";
import { UserError } from "../lib/user-error";
import { wantsKept } from "../local/trial/kept";
import { mismatches } from "../local/trial/path/show";
import { runTrial, say, stopKept, type TrialOptions } from "../local/trial/trial";
import { explanation } from "../operations/explain/explanation";
import { synthesizedJson } from "../stacks/synthesize";
import { newCommand, perform } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";
import { pictureOf } from "./shared/picture";
import { planPage } from "./shared/plan-report";

const command = newCommand(
  "npm run trial --",
  "Deploys both stacks to a local AWS (moto) with the real Terraform and AWS provider, and sends requests through the real Envoy and the authorizer. Needs no AWS account. On a terminal it asks in the end whether to keep it running.",
  {
    done: "both stacks are deployed, a second plan changes nothing, and each request is answered as expected",
    failed: "it can't be made, or a request isn't answered as expected: the error says why",
    differs: "a second plan changes something",
    interrupted: "interrupted by Ctrl-C: what was started is stopped",
  },
)
  .option("--keep", "keep it running in the background, with a page about it, so that you can look around", false)
  .option("--stop", "stop a trial that was kept", false)
  .option("--region <region>", "region of the local AWS", "us-east-1");

interface Options {
  readonly keep: boolean;
  readonly stop: boolean;
  readonly region: string;
}

const pages: TrialOptions["pages"] = {
  picture: (settings) => pictureOf(synthesizedJson(project, settings), settings),
  explained: (name, plan, settings) => planPage(explanation([{ name, plan }]), settings),
};

perform<Options>(command, async ({ keep, stop, region }) => {
  if (stop) {
    await stopKept();
    return;
  }
  const signal = interruptedBy(() => say("Interrupted: stopping what was started"));
  try {
    const { replanned, path } = await runTrial({ region, isKept: () => wantsKept(keep, signal), pages }, signal);
    const wrong = mismatches(path.results);
    if (wrong.length > 0) throw new UserError(`The request path isn't as expected. ${wrong.join("; ")}.`);
    process.exitCode = replanned.every(({ clean }) => clean) ? exitCodes.done : exitCodes.differs;
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = exitCodes.interrupted;
  }
});
