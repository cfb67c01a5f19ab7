/** What a split does with a state besides Terraform's part: `tools/bench/split.ts FILE` reads, splits, compares and writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { project } from "../../lib/project";
import { loadSettings } from "../../settings/load";
import { claimsOf } from "../../stacks/register";
import { parseState, serializeState } from "../../state/document";
import { inventoryDifference } from "../../state/inventory";
import { AddressOwners, splitState } from "../../state/split-state";

const [file = ""] = process.argv.slice(2);
const whole = parseState(readFileSync(file), file);
const { settings } = loadSettings({ directory: project });
const { network, app } = splitState(whole, new AddressOwners(claimsOf(project, settings)));
const wrong = Object.values(inventoryDifference(whole, [network, app])).flat();
if (wrong.length > 0) throw new Error(`${wrong.length} instances differ`);
for (const [name, document] of Object.entries({ network, app })) {
  writeFileSync(`${file}.${name}`, serializeState(document));
}
