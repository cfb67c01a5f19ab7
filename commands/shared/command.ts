/** What every command is made of: its name and help, and one ending. */
import { Command, Help, type Option } from "commander";
import { diskUserError } from "../../lib/disk-error";
import { UserError } from "../../lib/user-error";
import { writeVisibly } from "../../lib/visible";
import { sdkUserError } from "../../operations/aws";
import { type ExitCodeWords, exitCodeHelp, exitCodes } from "./exit-codes";

/**
 * @param name as the user types it: `bin/ecs/diff`, `npm run plan --`
 * @param words what its exit codes mean, where they mean more than done and failed
 */
export function newCommand(name: string, description: string, words: ExitCodeWords = {}): Command {
  return new Command(name)
    .description(description)
    .configureHelp({ optionDescription })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, "Error:")) })
    .addHelpText("after", exitCodeHelp(words));
}

/** That nothing is given where nothing is given goes without saying. */
function optionDescription(option: Option): string {
  const isNothing = option.defaultValue === false || String(option.defaultValue) === "";
  return isNothing ? option.description : new Help().optionDescription(option);
}

/** Tells what an error means to the user; undefined where it isn't theirs. */
export type ErrorTeller = (error: unknown) => UserError | undefined;

export interface PerformOptions {
  /** Asked in turn, before the disk's errors. @default none */
  readonly tellers?: readonly ErrorTeller[];
  /** @default the process's */
  readonly args?: readonly string[];
}

/** What cdktf-cli tells a synth of its own: another format, a part of the stacks. The commands need all of it, in JSON. */
const ofCdktf = [
  "SYNTH_HCL_OUTPUT",
  "CDKTF_CONTEXT_JSON",
  "CDKTF_TARGET_STACK_ID",
  "CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS",
];

/** Has the words up to the cursor, one a line: a command then prints what could be the last of them, and does nothing else. */
export const completingVariable = "_CRUDDUR_COMPLETING";

/**
 * Parses the command line and runs a command to its end. What the user can mend is one sentence on the standard error and exit
 * code 1; anything else is a mistake of the program's, which tools/run.mjs tells with its place in the sources.
 */
export function perform<Options extends object>(
  command: Command,
  main: (options: Options, args: readonly string[]) => void | Promise<void>,
  { tellers = [], args = process.argv.slice(2) }: PerformOptions = {},
): void {
  for (const stream of [process.stdout, process.stderr]) {
    writeVisibly(stream);
    // Who reads no longer (`| head`) has had enough. What is under way goes on: it may be a state that is being written.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  for (const name of ofCdktf) delete process.env[name];
  const completing = process.env[completingVariable];
  if (completing !== undefined) {
    const { completions } = require("./completion") as typeof import("./completion");
    for (const one of completions(command, [...args, ...completing.split("\n")])) console.log(one);
    return;
  }
  const run = async () => {
    command.parse(args, { from: "user" });
    await main(command.opts<Options>(), command.args);
  };
  run().catch((error: unknown) => {
    const told = userErrorOf(error, tellers);
    if (told === undefined) throw error;
    process.stderr.write(`Error: ${told.message}\n`);
    process.exitCode = exitCodes.failed;
  });
}

export function userErrorOf(error: unknown, tellers: readonly ErrorTeller[] = []): UserError | undefined {
  if (error instanceof UserError) return error;
  for (const teller of [...tellers, sdkUserError, diskUserError]) {
    const told = teller(error);
    if (told !== undefined) return told;
  }
  return undefined;
}
