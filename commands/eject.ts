/** Writes the stacks as a Terraform module in HCL, for a team that goes on without this project. */
import { relative } from "node:path";
import { eject, requireFree } from "../eject";
import { calledFrom, fromCaller, project } from "../lib/project";
import { report } from "../lib/report";
import { splitStackIds } from "../services/names";
import { loadSettings } from "../settings/load";
import { synthesizeStacks } from "../stacks/synthesize";
import { requireTerraform } from "../terraform/prerequisites";
import { newCommand, perform } from "./shared/command";
import { type JsonOption, withJson } from "./shared/options";

interface EjectOptions extends JsonOption {
  readonly out: string;
  readonly oneRoot: boolean;
}

const command = withJson(
  newCommand(
    "npm run eject --",
    "Writes the stacks as hand-written Terraform modules, one folder each: HCL in ecs.tf, iam.tf, dns.tf and so on. Changes neither AWS nor a state.",
  )
    .requiredOption("--out <dir>", "the folder to write to: new or empty")
    .option("--one-root", "one module of network and app together, as 02-app was", false),
  "{modules: [{stacks, folder, files}]}",
);

perform<EjectOptions>(command, async ({ out, oneRoot, json }) => {
  const folder = fromCaller(out);
  requireFree(folder);
  await requireTerraform();
  const { settings } = loadSettings({ directory: project });
  const modules = await eject({
    project,
    stacks: synthesizeStacks(project, settings),
    joinedStacks: oneRoot ? splitStackIds : [],
    out: folder,
    pass: settings.terraformEnvironment,
    report,
  });
  if (json) return console.log(JSON.stringify({ modules }, null, 2));
  for (const { stacks, folder: made, files } of modules) {
    console.log(`${relative(calledFrom, made) || "."}: ${stacks.join(" and ")}\n  ${files.join(" ")}`);
  }
});
