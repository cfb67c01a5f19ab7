/** Draws the stacks as they are synthesized with the settings. */
import { join } from "node:path";
import { fromCaller, project } from "../lib/project";
import { writeRendered } from "../lib/write-rendered";
import { architecture } from "../operations/diagram/architecture";
import { dot } from "../operations/diagram/dot";
import { svgOf } from "../operations/diagram/svg";
import { loadSettings } from "../settings/load";
import { synthesizedJson } from "../stacks/synthesize";
import { newCommand, perform } from "./shared/command";

const kept = join("docs", "architecture.svg");

interface Options {
  readonly out?: string;
  readonly dot: boolean;
}

const command = newCommand(
  "npm run diagram --",
  "Draws both stacks, with your settings, services and additions, as an SVG that is the same on every machine.",
)
  .option("--out <file>", `the file to write (default: ${kept} in the project)`)
  .option("--dot", "print Graphviz's language instead", false);

perform<Options>(command, async ({ out, dot: asDot }) => {
  const graph = architecture(synthesizedJson(project, loadSettings({ directory: project }).settings));
  if (asDot) {
    console.log(dot(graph));
    return;
  }
  const file = out === undefined ? join(project, kept) : fromCaller(out);
  writeRendered(file, await svgOf(dot(graph), "The stacks"));
  console.log(`Drew ${out ?? kept}`);
});
