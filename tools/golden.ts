/**
 * `npm run golden`: renews the golden files, and the list of what a team's services and additions have. Read the diff before
 * you commit it: it is what the next plan sees.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { newCommand, perform } from "../commands/shared/command";
import { project } from "../lib/project";
import { splitStackIds } from "../services/names";
import { goldenFiles } from "./testing/golden";
import { addressLines, goldenAddresses, readAddresses, teamAddresses } from "./testing/kept-addresses";
import { synthProject } from "./testing/stacks";

const command = newCommand(
  "npm run golden --",
  "Renews the golden files: what both stacks synthesize with default settings, and the addresses of a team's services and additions. Read the diff before you commit it.",
);

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
  console.log(file);
}

perform(command, () => {
  for (const { file, text } of goldenFiles()) write(file, text);

  const stacks = synthProject();
  const golden = readAddresses(join(project, goldenAddresses)).map(({ address }) => address);
  // Instances whose keys only Terraform knows stand under the resource's own address.
  const isGolden = (address: string) => golden.some((one) => one === address || one.startsWith(`${address}[`));
  const own = splitStackIds.flatMap((stack) =>
    stacks[stack]
      .addresses()
      .filter((address) => !isGolden(address))
      .map((address) => ({ stack, address })),
  );
  if (own.length > 0) write(teamAddresses, addressLines(own));
  else rmSync(join(project, teamAddresses), { force: true });
});
