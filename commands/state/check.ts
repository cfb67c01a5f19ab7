/** Says of every instance of a state which stack it goes to, and what differs. Writes nothing. */
import { join, resolve } from "node:path";
import { Command } from "commander";
import { table } from "../../lib/table";
import { UserError } from "../../lib/user-error";
import { type CheckReport, check } from "../../state/check";
import type { StateDocument } from "../../state/document";
import type { Finding } from "../../state/findings";
import { configuredBackends, locate } from "../../state/locate";
import type { StackId } from "../../state/parting";
import { type Backend, StatePlace } from "../../state/place";
import { Proof } from "../../state/proof";
import { tfSecrets } from "../../state/variables";
import {
  beginSession,
  exitCodes,
  perform,
  planInputs,
  type Session,
  withPlanOptions,
  withTemporaryFolder,
} from "./session";

interface CheckOptions {
  readonly from?: string;
  readonly hcl?: string;
  readonly varFile: string[];
  readonly plan: boolean;
  readonly json: boolean;
}

const command = withPlanOptions(
  new Command("bin/state/check")
    .description(
      "Says of every instance of a state which stack it goes to, and what differs from what the stacks declare. Writes nothing.",
    )
    .option("--from <place>", "a module's folder, a state file or s3://bucket/key (default: the stacks' own states)"),
)
  .option("--no-plan", "addresses only: no plans, so no credentials and variables")
  .option("--json", "as JSON: {source, placements, findings, notPlanned, nothingInCommon}", false)
  .addHelpText("after", "\nExit codes:\n  0  nothing differs\n  2  something differs\n  1  no report is possible");

async function readStates(options: CheckOptions, session: Session, folder: string) {
  const { project, settings, calledFrom, signal } = session;
  const read = (name: string, backend: Backend) => {
    const place = new StatePlace(backend, join(folder, name), { signal });
    return place.pull(join(folder, `${name}.tfstate`));
  };
  if (options.from !== undefined) {
    const { backend, module } = locate(options.from, calledFrom, project, settings);
    const place = new StatePlace(backend, join(folder, "old"));
    const old = await read("old", backend);
    if (old === undefined) throw new UserError(`There is no state at ${place}: give the place of one.`);
    return { states: { old }, source: String(place), module };
  }
  const backends = configuredBackends(project, settings);
  const states: Partial<Record<StackId, StateDocument>> = {};
  for (const stack of ["network", "app"] as const) {
    const state = await read(stack, backends[stack]);
    if (state !== undefined) states[stack] = state;
  }
  const source = Object.entries(backends).map(([, backend]) => String(new StatePlace(backend, folder)));
  if (Object.keys(states).length === 0) {
    throw new UserError(`There is no state at ${source.join(" or ")}: name one with --from.`);
  }
  return { states, source: source.join(" and "), module: undefined };
}

function print({ placements, findings, notPlanned, nothingInCommon }: CheckReport, source: string): void {
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
  const [known, differing] = [true, false].map((also) => findings.filter((one) => one.alsoByOldModule === also));
  for (const [title, list] of [
    ["differs", differing],
    ["is planned by the old module over its own state as well, and is no difference", known],
  ] as const) {
    if (list === undefined || list.length === 0) continue;
    console.log(`\n${list.length} ${list.length === 1 ? "thing" : "things"} of which each ${title}:`);
    for (const one of list) console.log(described(one));
  }
  if (findings.length === 0 && Object.keys(notPlanned).length === 0) console.log("Nothing differs.");
}

function described(finding: Finding): string {
  const { kind, address, consequence, detail, where, constructPath, sourceFile, oldModule } = finding;
  const lines = [`  ${address}  [${kind}] ${consequence}${detail === "" ? "" : `; ${detail}`}`];
  const construct = constructPath === null ? "" : ` (construct ${constructPath}, ${sourceFile})`;
  if (where !== "") lines.push(`      act in: ${where}${construct}`);
  if (oldModule !== null) lines.push(`      old module: ${oldModule}`);
  return lines.join("\n");
}

async function main(): Promise<void> {
  const options = command.parse().opts<CheckOptions>();
  const session = await beginSession(resolve(__dirname, "..", ".."));
  await withTemporaryFolder(async (folder) => {
    const { project, settings, claims, signal, report } = session;
    report("Reading the state");
    const { states, source, module } = await readStates(options, session, folder);
    const { hcl, varFiles } = planInputs(options, module, session);
    const proof = options.plan
      ? new Proof({ project, settings, folder: join(folder, "proof"), varFiles, signal })
      : undefined;
    const result = await check({ project, claims, states, proof, hcl, secrets: tfSecrets(), report });
    if (options.json) console.log(JSON.stringify({ source, ...result }, null, 2));
    else print(result, source);
    const differs =
      result.findings.some(({ alsoByOldModule }) => !alsoByOldModule) || Object.keys(result.notPlanned).length > 0;
    process.exitCode = differs ? exitCodes.differences : exitCodes.done;
  });
}

perform(main);
