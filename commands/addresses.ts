/** Prints the address register: which stack, construct and source file each managed address comes from. */
import { registeredAddresses } from "../constructs/terraform/source-files";
import { project } from "../lib/project";
import { table } from "../lib/table";
import { shown, UserError } from "../lib/user-error";
import { loadSettings } from "../settings/load";
import { claimsOf } from "../stacks/register";
import { newCommand, perform } from "./shared/command";
import { type JsonOption, withJson } from "./shared/options";

interface Options extends JsonOption {
  readonly stack?: string;
  readonly plain: boolean;
}

const command = withJson(
  newCommand("npm run addresses --", "Lists the managed addresses of both stacks, without instance keys.")
    .option("--stack <id>", "only this stack")
    .option("--plain", "the addresses only, one per line", false),
  "[{stack, address, constructPath, sourceFile, sourceLine}]",
);

perform<Options>(command, ({ json, plain, stack }) => {
  const all = registeredAddresses(claimsOf(project, loadSettings({ directory: project }).settings), project);
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
});
