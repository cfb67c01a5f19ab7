/** Plans, says what that would do, asks, and applies that very plan: stack by stack. */
import { askedYes, hasTerminal } from "../lib/ask";
import { printable } from "../lib/printable";
import { report } from "../lib/report";
import { UserError } from "../lib/user-error";
import { clientConfig } from "../operations/aws";
import { type Deployed, Deployment } from "../operations/deploy/deployment";
import { explained } from "../operations/deploy/explained";
import { type PlannedStack, Planning } from "../operations/deploy/planning";
import { plannedServices, publicHosts } from "../operations/deploy/services";
import type { Outcome } from "../operations/ecs/redeploy";
import type { Explanation } from "../operations/explain/explained";
import { awsNamesOf } from "../services/aws-names";
import { outcomeLine } from "./ecs/outcome";
import { performOnAws } from "./shared/aws";
import { newCommand } from "./shared/command";
import { exitCodes } from "./shared/exit-codes";
import { durationOption, listOption, withJson } from "./shared/options";
import { type ReportOption, requireReportable, withReport, writeReport } from "./shared/plan-report";
import { beginPlanning, endingInterrupted, explanationIn, type PlanCommandOptions, withPlanning } from "./shared/plans";
import { planAndSave, requireSaved, type SavedPlanOptions, savedPlans, withSavedPlan } from "./shared/saved-plan";

interface Options extends PlanCommandOptions, ReportOption, SavedPlanOptions {
  readonly yes: boolean;
  readonly wait: boolean;
  readonly allowDestroy: readonly string[];
  readonly timeout: number;
  readonly interval: number;
  readonly lockTimeout: number;
}

const command = withJson(
  withReport(
    withPlanning(
      withSavedPlan(
        newCommand(
          "bin/deploy",
          "Deploys the stacks, network first: plans, explains the plan, asks, and applies exactly that plan.",
          {
            done: "deployed, or nothing changes; with --wait the services are steady, too",
            differs:
              "changes are planned and not applied: --plan-only, or the answer wasn't yes; or --saved has a provisional plan that came out differently",
            destroys: "stopped, because something would be destroyed or replaced; or a service isn't steady",
            interrupted: "interrupted by Ctrl-C: Terraform has saved the state and released its lock",
          },
        )
          .option("--yes", "apply without a question", false)
          .option("--plan-only", "end before the question", false),
      )
        .option("--wait", "wait until the services are steady", false)
        .addOption(listOption("--allow-destroy <address>", "what may be destroyed or replaced; anything else stops it"))
        .addOption(durationOption("--timeout <duration>", "how long to wait for the services", "15m"))
        .addOption(durationOption("--interval <duration>", "time between two checks of the services", "5s"))
        .addOption(durationOption("--lock-timeout <duration>", "how long to wait for somebody else's lock", "1s")),
    ),
  ),
  "{outcome, applied, explanations, services, urls}",
);

/** @returns the outcomes of the services that were waited for */
async function waitFor(
  cluster: string,
  names: readonly string[],
  options: Options,
  profile?: string,
): Promise<Outcome[]> {
  const { ECSClient } = require("@aws-sdk/client-ecs") as typeof import("@aws-sdk/client-ecs");
  const { followServices } = require("../operations/deploy/steady") as typeof import("../operations/deploy/steady");
  report(`Waiting for ${names.join(", ")}`);
  const follow = { timeoutMs: options.timeout, intervalMs: options.interval, report };
  return followServices(new ECSClient(clientConfig({ profile })), cluster, names, follow);
}

/** The profile that Terraform was told by its variables. */
function profileOf({ stacks }: Deployed): string | undefined {
  const value = stacks.map(({ plan }) => plan.variables?.aws_profile?.value).find((one) => typeof one === "string");
  return value as string | undefined;
}

performOnAws<Options>(command, async (options, names) => {
  const { yes, planOnly, allowDestroy, json } = options;
  requireReportable(options);
  const saved = await requireSaved(options, names);
  if (!yes && !planOnly && !hasTerminal()) {
    throw new UserError("There is no terminal to ask on: give --yes to apply without a question, or --plan-only.");
  }
  const ids = saved?.stacks.map(({ id }) => id) ?? names;
  const { stacks, settings, planning: how } = await beginPlanning(options, ids);
  const { environment } = settings;
  const lockTimeout = `${options.lockTimeout / 1000}s`;
  const planning = new Planning({ ...how, lockTimeout });
  const explanations: Explanation[] = [];
  const lastPlans = new Map<string, PlannedStack>();
  const deployment = new Deployment(planning, {
    planning: { ...how, lockTimeout },
    environment,
    planOnly,
    isApproved: saved !== undefined,
    allowDestroy,
    report,
    ask: async (question) => yes || (await askedYes(question, how.signal)),
    show: async (explanation, planned) => {
      explanations.push(explanation);
      if (!json) console.log(`${explanationIn(options, explanation)}\n`);
      for (const stack of planned) lastPlans.set(stack.id, stack);
      await writeReport(options, explained([...lastPlans.values()]));
    },
  });
  try {
    await endingInterrupted(how.signal, async () => {
      const what = `${stacks.map(({ id }) => id).join(" and ")}${environment === undefined ? "" : ` of ${environment}`}`;
      report(saved === undefined ? `Planning ${what}` : `Checking that the saved plans of ${what} still hold`);
      const planned =
        saved === undefined
          ? await planAndSave(options, planning, stacks)
          : await savedPlans(options, saved, planning, stacks);
      const deployed = await deployment.deploy(planned);
      const { outcome, applied, refusal } = deployed;
      const hosts = Object.values(publicHosts(deployed.stacks)).map((host) => `https://${host}`);
      const isDone = outcome === "done";
      const running = isDone && options.wait ? plannedServices(deployed.stacks) : [];
      const services =
        running.length > 0 ? await waitFor(awsNamesOf(environment).cluster, running, options, profileOf(deployed)) : [];
      const isSteady = services.every((service) => service.outcome === "steady");
      const urls = isDone ? hosts : [];
      if (json) console.log(JSON.stringify({ outcome, applied, explanations, services, urls }, null, 2));
      else {
        if (applied.length > 0) console.log(`Applied: ${applied.join(", ")}.`);
        for (const line of [...services.map((service) => outcomeLine(service)), ...urls]) console.log(printable(line));
      }
      if (refusal !== undefined) report(`Error: ${refusal}`);
      process.exitCode =
        isDone && isSteady ? exitCodes.done : outcome === "declined" ? exitCodes.differs : exitCodes.destroys;
    });
  } finally {
    planning.close();
  }
});
