/** Says of every instance of a state which stack it goes to, and what differs. Writes nothing. */
import { join } from "node:path";
import { table } from "../../lib/table";
import { UserError } from "../../lib/user-error";
import { splitStackIds } from "../../services/names";
import { synthesizedJson } from "../../stacks/synthesize";
import type { Written } from "../../state/additions/write";
import { type CheckReport, check } from "../../state/check";
import type { OwnStates, StateAccess } from "../../state/check/state-command";
import { findingsText } from "../../state/check/text";
import type { StateDocument } from "../../state/document";
import { configuredBackends, locate } from "../../state/locate";
import { type Backend, StatePlace } from "../../state/place";
import { Proof } from "../../state/proof";
import { renamedProviders } from "../../state/provider-address";
import type { StackId } from "../../state/split-state";
import { tfSecrets } from "../../state/variables";
import { parseAddress, withoutKeys } from "../../terraform/address";
import { refuseOtherStates } from "../../terraform/named-state";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type JsonOption, withJson } from "../shared/options";
import {
  beginSession,
  type PlanOptions,
  performOnRuns,
  planInputs,
  type Session,
  withPlanOptions,
  withTemporaryFolder,
} from "./session";

interface CheckOptions extends PlanOptions, JsonOption {
  readonly from?: string;
  readonly plan: boolean;
  readonly full: boolean;
  readonly writeAdditions: boolean;
}

const command = withJson(
  withPlanOptions(
    newCommand(
      "bin/state/check",
      "Shows which stack each instance of a state goes to, and what differs from what the stacks declare. Writes nothing but what --write-additions asks for.",
      {
        done: "nothing differs",
        failed: "no report is possible: the error says why",
        differs: "something differs, or can't be planned",
      },
    ).option("--from <state>", "a module's folder, a state file or s3://bucket/key (default: the stacks' own states)"),
  )
    .option("--no-plan", "compare addresses only: no plans, so no credentials and no variables")
    .option(
      "--write-additions",
      "draft TypeScript into additions/ for what no stack declares, from the old module's text; needs --hcl, or --from with a module's folder",
      false,
    )
    .option("--full", "also list what follows from each difference, attribute by attribute", false),
  "{source, placements, findings, notPlanned, nothingInCommon}",
);

async function readStates(options: CheckOptions, session: Session, folder: string) {
  const { project, settings, calledFrom, signal } = session;
  const read = (name: string, backend: Backend) => {
    const place = new StatePlace(backend, join(folder, name), { signal });
    return place.pull(join(folder, `${name}.tfstate`));
  };
  if (options.from !== undefined) {
    const { backend, module, notes } = locate(options.from, calledFrom, project, settings);
    for (const note of notes) session.report(note);
    const place = new StatePlace(backend, join(folder, "old"));
    const old = await read("old", backend);
    if (old === undefined) throw new UserError(`There is no state at ${place}: give the place of one.`);
    const note = renamedProviders(old.renamed);
    if (note !== undefined) session.report(note);
    const access: StateAccess =
      module !== undefined ? { folder: module } : backend.type === "local" ? { file: String(place) } : {};
    return { states: { old }, source: String(place), module, access, files: {} };
  }
  refuseOtherStates();
  const backends = configuredBackends(project, settings);
  const states: Partial<Record<StackId, StateDocument>> = {};
  for (const stack of splitStackIds) {
    const state = await read(stack, backends[stack]);
    if (state !== undefined) states[stack] = state;
  }
  const source = Object.entries(backends).map(([, backend]) => String(new StatePlace(backend, folder)));
  const local = Object.entries(backends).filter(([, { type }]) => type === "local");
  const files: OwnStates = Object.fromEntries(
    local.map(
      ([
        stack,
        {
          arguments: { path },
        },
      ]) => [stack, String(path)],
    ),
  );
  if (Object.keys(states).length === 0) {
    throw new UserError(`There is no state at ${source.join(" or ")}: name one with --from.`);
  }
  return { states, source: source.join(" and "), module: undefined, access: {}, files };
}

function print(
  { placements, findings, notPlanned, nothingInCommon }: CheckReport,
  source: string,
  { full }: CheckOptions,
): void {
  const rows = placements.map(({ address, stack, constructPath, sourceFile }) => [
    stack ?? "-",
    address,
    constructPath ?? "-",
    sourceFile ?? "-",
  ]);
  if (rows.length > 0) console.log(`${table(["STACK", "ADDRESS", "CONSTRUCT", "SOURCE"], rows)}\n`);
  const count = (stack: StackId | null) => placements.filter((placement) => placement.stack === stack).length;
  console.log(
    `${source}: ${placements.length} managed instances; ${count("network")} belong to network, ${count("app")} to app, ${count(null)} to neither.`,
  );
  if (nothingInCommon && placements.length > 0) {
    console.log("It has nothing in common with the stacks: this is another module's state.");
  }
  for (const [name, reason] of Object.entries(notPlanned)) {
    console.log(`\n${name === "old" ? "The old module" : name} could not be planned: ${reason}`);
  }
  if (findings.length > 0) console.log(findingsText(findings, full));
  if (findings.length === 0 && Object.keys(notPlanned).length === 0) console.log("Nothing differs.");
}

async function writeDrafts(
  { project, settings }: Session,
  hcl: string | undefined,
  states: Partial<Record<"old" | StackId, StateDocument>>,
  { findings }: CheckReport,
): Promise<Written> {
  if (hcl === undefined || states.old === undefined) {
    throw new UserError(
      "--write-additions reads the old module: give its folder with --from, or its state with --from and its folder with --hcl.",
    );
  }
  const undeclared = findings
    .filter(({ kind, because }) => kind === "undeclared" && because === null)
    .map(({ address }) => {
      const module = parseAddress(address)?.modules[0];
      return module === undefined ? withoutKeys(address) : `module.${module}`;
    });
  // With all that reads TypeScript declarations: no other check needs it.
  const { writeAdditions } = require("../../state/additions/write") as typeof import("../../state/additions/write");
  return writeAdditions({
    project,
    settings,
    hcl,
    undeclared: [...new Set(undeclared)],
    stacks: synthesizedJson(project, settings),
    state: states.old,
  });
}

function printWritten({ files, drafted, variables, notFound, open }: Written): void {
  if (files.length === 0) {
    const isWhole = notFound.length === 0;
    console.log(
      isWhole
        ? "\nNothing to draft: the stacks declare all that the state has."
        : `\nNothing was drafted: the old module's text has no ${notFound.join(", ")}.`,
    );
    return;
  }
  const all = [...drafted.network, ...drafted.app];
  console.log(`\nDrafted ${all.join(", ")} into ${files.join(", ")}.`);
  for (const [name, place] of Object.entries(variables)) {
    console.log(`Set TF_VAR_${name}: it stands for the secret in ${place}.`);
  }
  if (notFound.length > 0) console.log(`The old module's text has no ${notFound.join(", ")}.`);
  for (const sentence of open) console.log(`Left to you: ${sentence}.`);
  console.log("Read the drafts, then check again.");
}

performOnRuns<CheckOptions>(command, async (options) => {
  const session = await beginSession();
  await withTemporaryFolder(async (folder) => {
    const { project, settings, claims, signal, report } = session;
    report("Reading the state");
    const { states, source, module, access, files } = await readStates(options, session, folder);
    const { hcl, ...inputs } = planInputs(options, module, session);
    const proof = options.plan
      ? new Proof({ project, settings, folder: join(folder, "proof"), signal, ...inputs })
      : undefined;
    const result = await check({
      project,
      claims,
      stacks: synthesizedJson(project, settings),
      states,
      access,
      files,
      proof,
      hcl,
      secrets: tfSecrets(),
      report,
    });
    const written = options.writeAdditions ? await writeDrafts(session, hcl, states, result) : undefined;
    if (options.json) console.log(JSON.stringify({ source, ...result, ...(written && { written }) }, null, 2));
    else print(result, source, options);
    if (!options.json && written !== undefined) printWritten(written);
    const differs =
      result.findings.some(({ alsoByOldModule }) => !alsoByOldModule) || Object.keys(result.notPlanned).length > 0;
    process.exitCode = differs ? exitCodes.differs : exitCodes.done;
  });
});
