/** Renders the OpenTelemetry Collector's configuration: for the image, and for a laptop. */
import { Command } from "commander";
import { writeRendered } from "../lib/write-rendered";
import { collectorYaml } from "../otel-collector/configuration";
import { collectorOptions, type RenderOptions } from "../otel-collector/options";
import { loadSettings } from "../settings/load";

const { out, ...options } = new Command("npm run render:collector --")
  .description(
    "Writes the collector's configuration to DIR/config.yaml. What isn't given is as in the deployed system.",
  )
  .requiredOption("--out <dir>", "the folder to write to, made where it is missing and its parent is there")
  .option("--endpoint <url>", "where the traces go (default: Honeycomb, by the setting honeycomb.region)")
  .parse()
  .opts<RenderOptions & { out: string }>();

const text = collectorYaml(collectorOptions(options, loadSettings().settings));
console.log(`Rendered ${writeRendered(out, "config.yaml", text)}`);
