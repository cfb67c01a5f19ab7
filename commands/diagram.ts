/** Draws the stacks as they are synthesized with the settings. */
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { architecture } from "../diagram/architecture";
import { dot } from "../diagram/dot";
import { svgOf } from "../diagram/svg";
import { UserError } from "../lib/user-error";
import { loadSettings } from "../settings/load";
import { synthesizedJson } from "../stacks/synthesize";

const { out, dot: asDot } = new Command("npm run diagram --")
  .description("Draws both stacks as they are synthesized with the settings: an SVG, the same on every machine.")
  .option("--out <file>", "the file to write", join("docs", "architecture.svg"))
  .option("--dot", "in Graphviz's language instead, to standard output", false)
  .parse()
  .opts<{ out: string; dot: boolean }>();

async function main(): Promise<void> {
  const graph = architecture(synthesizedJson(process.cwd(), loadSettings().settings));
  if (asDot) {
    console.log(dot(graph));
    return;
  }
  if (!existsSync(dirname(resolve(out))))
    throw new UserError(`There is no folder for ${out}: give a file in one with --out.`);
  writeFileSync(out, await svgOf(dot(graph), "The stacks"));
  console.log(`Drew ${out}`);
}

main();
