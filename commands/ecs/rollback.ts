/** Puts a service back on an earlier revision of its task definition. */
import { age } from "../../lib/age";
import { askedYes, hasTerminal } from "../../lib/ask";
import { report } from "../../lib/report";
import { table } from "../../lib/table";
import { UserError } from "../../lib/user-error";
import { requireAllowedAccount } from "../../operations/account";
import type { AwsOptions } from "../../operations/aws";
import { chosenRevision, type Revision, revisionsOf, runnableRevision } from "../../operations/ecs/revisions";
import { lastPart, requireServices } from "../../operations/ecs/services";
import { performOnAws, withAwsOptions } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, withJson } from "../shared/options";
import { outcomeLine } from "./outcome";
import { beginEcsSession } from "./session";
import { updateAndWait, type WaitingOptions, withWaiting } from "./waiting";

interface Options extends AwsOptions, JsonOption, WaitingOptions {
  readonly to?: string;
  readonly list: boolean;
  readonly yes: boolean;
}

/** How many revisions are told. */
const most = 10;

const command = withAwsOptions(
  withJson(
    withWaiting(
      newCommand(
        "bin/ecs/rollback",
        "Puts a service back on an earlier revision of its task definition, and waits until it is steady. Lists the revisions before it asks.",
        {
          done: "the service is steady on that revision (with --no-wait: begun; with --list: listed)",
          failed: "refused: the service is as it was",
          differs: "not agreed to: the service is as it was",
          unfinished: "the deployment failed, was replaced, or took longer than --timeout",
          interrupted: "interrupted: what was begun goes on in AWS",
        },
      )
        .argument("<service>", "a service of the cluster")
        .option(
          "--to <revision>",
          "which one: 7 or backend-flask:7 (default: the newest before the one that runs, where a copy counts as its original)",
        )
        .option("--list", "list the revisions, and end", false)
        .option("--yes", "go back without a question", false),
    ),
    "{service, from, to, revisions, deployment, taskDefinition, outcome, reason, stoppedTasks}",
  ),
);

function marksOf({ current, deregistered, copyOf }: Revision): string {
  const marks = [
    ...(current ? ["runs"] : deregistered ? ["deregistered"] : []),
    ...(copyOf === null ? [] : [`${copyOf} again`]),
  ];
  return marks.length === 0 ? "" : ` (${marks.join("; ")})`;
}

function listed(revisions: readonly Revision[]): string {
  const head = ["REVISION", "AGE", "REGISTERED BY", "IMAGES"];
  const rows = revisions.map((one) => [
    `${one.name}${marksOf(one)}`,
    age(one.registeredAt),
    lastPart(one.registeredBy ?? "-"),
    Object.values(one.images).map(lastPart).join(", "),
  ]);
  return table(head, rows);
}

function sameImages(one: Revision, other: Revision | undefined): boolean {
  return other !== undefined && JSON.stringify(one.images) === JSON.stringify(other.images);
}

performOnAws<Options>(command, async (options, [name = ""]) => {
  const { config, ecs, cluster, settings, declared } = beginEcsSession(options);
  await requireAllowedAccount(config, settings);
  const [service = {}] = await requireServices(ecs, cluster, [name], declared);
  const revisions = await revisionsOf(ecs, service, most);
  if (options.list) {
    console.log(options.json ? JSON.stringify({ service: name, revisions }, null, 2) : listed(revisions));
    return;
  }
  const current = revisions.find((one) => one.current);
  const chosen = chosenRevision(revisions, name, options.to);
  report(listed(revisions));
  if (sameImages(chosen, current)) {
    report(
      `${chosen.name} and ${current?.name} name the same images. A tag that was pushed over holds the new image in both: then push the old one again, and run bin/ecs/redeploy ${name}.`,
    );
  }
  const what = `Put ${name} back from ${current?.name} to ${chosen.name}?`;
  if (!options.yes) {
    if (!hasTerminal())
      throw new UserError("There is no terminal to ask on: give --yes to go back without a question.");
    if (!(await askedYes(what))) {
      report("Nothing was done.");
      process.exitCode = exitCodes.differs;
      return;
    }
  }
  const arn = await runnableRevision(ecs, chosen);
  const to = lastPart(arn);
  if (arn !== chosen.arn) report(`${chosen.name} is deregistered: registered a copy of it, ${to}`);
  const outcome = await updateAndWait(ecs, { ...service, clusterArn: cluster }, { taskDefinition: arn }, options);
  const result = { ...outcome, from: current?.name ?? null, to, revisions };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else console.log(outcomeLine(outcome));
  report(
    `The configuration still has ${current?.name}: the next plan puts it back, and shows that. To stay, change the configuration to what ${chosen.name} has (its image's tag in services/, or git revert), then run bin/deploy.`,
  );
});
