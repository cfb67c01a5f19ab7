/** Options that several commands have, each in one way. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { milliseconds } from "../../lib/duration";
import { fromCaller, project } from "../../lib/project";
import { shown, UserError } from "../../lib/user-error";
import type { Settings } from "../../settings/schema";

export interface ListOptions {
  /** What counts where it isn't given. @default nothing */
  readonly otherwise?: string;
  /** Of each value. @default as it is */
  readonly parse?: (text: string) => string;
}

/** An option that may be given many times, and takes exactly one value each: an argument behind it is none of its. */
export function listOption(flags: string, what: string, { otherwise, parse = String }: ListOptions = {}): Option {
  return new Option(flags, `${what}; repeatable${otherwise === undefined ? "" : ` (default: ${otherwise})`}`)
    .default([])
    .argParser<string[]>((text, previous) => [...previous, parse(text)]);
}

/** A length of time, such as `30s`, `15m` or `1h`; its value is in milliseconds. */
export function durationOption(flags: string, description: string, otherwise: string): Option {
  const flag = flags.split(" ")[0] ?? flags;
  return new Option(flags, description)
    .argParser((text) => milliseconds(text, flag))
    .default(milliseconds(otherwise, flag), otherwise);
}

export interface JsonOption {
  readonly json: boolean;
}

/** @param shape what the JSON is: `{services: [{name, steady}]}` */
export function withJson(command: Command, shape: string): Command {
  return command.option("--json", `print JSON: ${shape}`, false);
}

export interface VarFileOption {
  readonly varFile: readonly string[];
}

export const varFileFlags = "--var-file <file>";

/** @param which values, where they are not those of the environment's TF_VAR_… and these files */
export function withVarFile(command: Command, which = "beside TF_VAR_… in the environment"): Command {
  const what = `file with values for the Terraform variables, ${which}`;
  return command.addOption(listOption(varFileFlags, what, { otherwise: "the setting variableFiles" }));
}

/**
 * The files of the command line; without any, those of the setting `variableFiles`.
 * @returns absolute paths. @throws UserError naming every file that isn't there
 */
export function variableFiles(
  { varFile }: VarFileOption,
  { variableFiles: kept }: Pick<Settings, "variableFiles">,
  folder = project,
): string[] {
  const isGiven = varFile.length > 0;
  const files = (isGiven ? varFile : kept).map((file) => ({
    file,
    path: isGiven ? fromCaller(file) : resolve(folder, file),
  }));
  const absent = files.filter(({ path }) => !existsSync(path)).map(({ file }) => shown(file));
  if (absent.length > 0) {
    const which = absent.join(" and ");
    throw new UserError(
      isGiven
        ? `--var-file is ${which}, but there is no such file in the folder that you called from.`
        : `The setting variableFiles has ${which}, but there is no such file in ${folder}: write it, fix the setting, or give --var-file FILE.`,
    );
  }
  return files.map(({ path }) => path);
}
