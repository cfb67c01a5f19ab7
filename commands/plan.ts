/** Synthesizes, then says of all stacks at once what an apply would do. */
import { join } from "node:path";
import { fromCaller, project } from "../lib/project";
import { report } from "../lib/report";
import { explained } from "../operations/deploy/explained";
import { keepPlans, plansFolder, refuseCommitted } from "../operations/deploy/kept-plans";
import { type PlannedStack, Planning } from "../operations/deploy/planning";
import { loadSettings } from "../settings/load";
import { performOnAws } from "./shared/aws";
import { newCommand } from "./shared/command";
import { withJson } from "./shared/options";
import { type ReportOption, requireReportable, withReport, writeReport } from "./shared/plan-report";
import { beginPlanning, endingInterrupted, explanationIn, type PlanCommandOptions, withPlanning } from "./shared/plans";

interface Options extends PlanCommandOptions, ReportOption {
  readonly full: boolean;
  readonly out?: string | true;
}

const command = withJson(
  withReport(
    withPlanning(
      newCommand(
        "npm run plan --",
        "Plans both stacks at once and explains the plans: what restarts, what is lost, who notices. Applies nothing.",
        {
          done: "nothing changes",
          differs: "something changes",
          destroys: "something is destroyed or replaced",
          interrupted: "interrupted by Ctrl-C",
        },
      )
        .option("--full", "print Terraform's own text", false)
        .option(
          "--out [dir]",
          `keep the plans as JSON, which npm run explain takes (default folder: ${plansFolder}, and below it the environment)`,
        ),
    ),
  ),
  "as npm run explain",
);

function fullText({ id, provisionalOver, text }: PlannedStack): string {
  const over =
    provisionalOver.length === 0 ? "" : ` (provisional, over what ${provisionalOver.join(" and ")} is going to have)`;
  return `━━ ${id}${over}\n${text.trim()}\n`;
}

performOnAws<Options>(command, async (options, names) => {
  requireReportable(options);
  const { environment = "" } = loadSettings({ directory: project }).settings;
  const folder =
    options.out === true ? join(project, plansFolder, environment) : options.out && fromCaller(options.out);
  if (folder !== undefined) await refuseCommitted(folder);
  const { stacks, planning: how } = await beginPlanning(options, names);
  const planning = new Planning(how);
  try {
    await endingInterrupted(how.signal, async () => {
      report(`Planning ${stacks.map(({ id }) => id).join(" and ")}${environment && ` of ${environment}`}`);
      const planned = await planning.planAll(stacks);
      const explanation = explained(planned);
      if (options.full) for (const stack of planned) console.log(fullText(stack));
      else console.log(explanationIn(options, explanation));
      if (folder !== undefined) for (const file of keepPlans(folder, planned)) report(`Written: ${file}`);
      await writeReport(options, explanation);
      process.exitCode = explanation.exitCode;
    });
  } finally {
    planning.close();
  }
});
