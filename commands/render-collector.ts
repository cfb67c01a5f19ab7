/** Renders the OpenTelemetry Collector's configuration: for the image, and for a laptop. */
import { join } from "node:path";
import { fromCaller, project } from "../lib/project";
import { writeRendered } from "../lib/write-rendered";
import { collectorYaml } from "../otel-collector/configuration";
import { collectorOptions, type RenderOptions } from "../otel-collector/options";
import { loadSettings } from "../settings/load";
import { newCommand, perform } from "./shared/command";

const command = newCommand(
  "npm run render:collector --",
  "Writes the collector's configuration to DIR/config.yaml. Defaults are those of the deployed system.",
)
  .requiredOption("--out <dir>", "the folder to write to; created if its parent exists")
  .option("--endpoint <url>", "where the traces go (default: Honeycomb, by the setting honeycomb.region)");

perform<RenderOptions & { out: string }>(command, ({ out, ...options }) => {
  const text = collectorYaml(collectorOptions(options, loadSettings({ directory: project }).settings));
  console.log(`Rendered ${writeRendered(join(fromCaller(out), "config.yaml"), text)}`);
});
