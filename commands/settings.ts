/** Prints the effective settings and where each comes from. Reads no state and synthesizes nothing. */
import { Command } from "commander";
import { table } from "../lib/table";
import { loadSettings } from "../settings/load";

const { json } = new Command("npm run settings --")
  .description("Lists the effective settings: value, origin, and the environment variable that overrides each.")
  .option("--json", "as JSON: an object of the settings", false)
  .parse()
  .opts<{ json: boolean }>();

const { settings, effective } = loadSettings();
const rows = effective.map(({ path, value, origin, variable }) => [
  path,
  // An optional one that nobody has set has no value.
  value === undefined ? "-" : JSON.stringify(value),
  origin,
  variable,
]);
console.log(json ? JSON.stringify(settings, null, 2) : table(["SETTING", "VALUE", "FROM", "OVERRIDDEN BY"], rows));
