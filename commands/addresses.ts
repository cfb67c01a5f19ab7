/** Prints the address register: which stack, construct and source file each managed address comes from. */
import { Command } from "commander";
import { registeredAddresses } from "../constructs/terraform/source-files";
import { table } from "../lib/table";
import { shown, UserError } from "../lib/user-error";
import { loadSettings } from "../settings/load";
import { claimsOf } from "../stacks/register";

const { json, plain, stack } = new Command("npm run addresses --")
  .description("Lists the managed addresses of both stacks, without instance keys.")
  .option("--stack <id>", "of one stack only")
  .option("--plain", "the addresses alone, one a line", false)
  .option("--json", "as JSON: a list of {stack, address, constructPath, sourceFile}", false)
  .parse()
  .opts<{ json: boolean; plain: boolean; stack?: string }>();

const all = registeredAddresses(claimsOf(loadSettings().settings), process.cwd());
const stacks = [...new Set(all.map((registered) => registered.stack))];
if (stack !== undefined && !stacks.includes(stack)) {
  throw new UserError(`There is no stack ${shown(stack)}: give ${stacks.join(" or ")}.`);
}
const addresses = all.filter((registered) => stack === undefined || registered.stack === stack);
if (json) {
  console.log(JSON.stringify(addresses, null, 2));
} else if (plain) {
  console.log(addresses.map(({ address }) => address).join("\n"));
} else {
  const rows = addresses.map(({ stack, address, constructPath, sourceFile }) => [
    stack,
    address,
    constructPath,
    sourceFile ?? "?",
  ]);
  console.log(table(["STACK", "ADDRESS", "CONSTRUCT", "SOURCE"], rows));
}
