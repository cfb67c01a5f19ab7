/** Takes the steps of the settings. Loaded by no synth that takes none. */
import { UserError } from "../lib/user-error";
import { type HardeningStep, takenSteps } from "../settings/hardening";
import type { Hardened } from "./step";
import { steps } from "./steps";

/** Before the team's additions, which have the last word. */
export function harden(hardened: Hardened): void {
  for (const name of takenSteps(hardened.settings.hardening)) steps[name].apply(hardened);
}

/** What would make the taken steps an outage, by step. */
export function hardeningProblems(hardened: Hardened): { readonly step: HardeningStep; readonly problem: string }[] {
  const taken = takenSteps(hardened.settings.hardening);
  return taken.flatMap((step) => {
    const { follows, problems } = steps[step];
    const missing =
      follows === undefined || taken.includes(follows)
        ? []
        : [`it does nothing without ${follows}: take that step, too`];
    return [...missing, ...(problems?.(hardened) ?? [])].map((problem) => ({ step, problem }));
  });
}

/** Steps that would be an outage, each with the reason and what to do. */
export class OutageError extends UserError {
  constructor(readonly problems: ReturnType<typeof hardeningProblems>) {
    const lines = problems.map(({ step, problem }) => `  - ${step}: ${problem}`);
    super(
      `Hardening would be an outage:\n${lines.join("\n")}\nOr leave a step out: {"hardening": {"steps": {"STEP": false}}}.`,
    );
  }
}

/** @throws OutageError with all of them */
export function refuseOutages(hardened: Hardened): void {
  const problems = hardeningProblems(hardened);
  if (problems.length > 0) throw new OutageError(problems);
}
