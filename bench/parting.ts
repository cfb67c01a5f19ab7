/** What a split does with a state besides Terraform's part: `bench/parting.ts FILE` reads, parts, compares and writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { loadSettings } from "../settings/load";
import { claimsOf } from "../stacks/register";
import { parseState, serializeState } from "../state/document";
import { inventoryDifference } from "../state/inventory";
import { AddressOwners, part } from "../state/parting";

const [file = ""] = process.argv.slice(2);
const whole = parseState(readFileSync(file, "utf8"), file);
const { settings } = loadSettings({ directory: process.cwd() });
const { network, app } = part(whole, new AddressOwners(claimsOf(settings)));
const wrong = Object.values(inventoryDifference(whole, [network, app])).flat();
if (wrong.length > 0) throw new Error(`${wrong.length} instances differ`);
for (const [name, document] of Object.entries({ network, app })) {
  writeFileSync(`${file}.${name}`, serializeState(document));
}
