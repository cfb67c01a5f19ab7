/** Prints the address register: which stack, construct and source file each managed address comes from. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Command } from "commander";
import { addressRegister } from "../constructs/terraform/addressed-stack";
import { registeredAddresses } from "../constructs/terraform/source-files";
import { table } from "../lib/table";
import { loadSettings } from "../settings/load";
import { addStacks } from "../stacks";

const { json } = new Command("npm run addresses --")
  .description("Lists the managed addresses of both stacks, without instance keys.")
  .option("--json", "as JSON: a list of {stack, address, constructPath, sourceFile}", false)
  .parse()
  .opts<{ json: boolean }>();

const { settings } = loadSettings();
// cdktf makes its output folder at once; nothing is written there.
const outdir = mkdtempSync(join(tmpdir(), "addresses-"));
try {
  const root = new App({ outdir });
  addStacks(root, settings);
  const addresses = registeredAddresses(addressRegister(root), process.cwd());
  const rows = addresses.map(({ stack, address, constructPath, sourceFile }) => [
    stack,
    address,
    constructPath,
    sourceFile ?? "?",
  ]);
  console.log(json ? JSON.stringify(addresses, null, 2) : table(["STACK", "ADDRESS", "CONSTRUCT", "SOURCE"], rows));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
