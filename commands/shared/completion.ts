/** What could come next on a command's line, for the shell's completion: `bin/completion` prints the script that asks. */
import type { Argument, Command, Option } from "commander";
import { project } from "../../lib/project";
import { UserError } from "../../lib/user-error";
import { servicesOf } from "../../services";
import { imageTable } from "../../services/image-table";
import { splitStackIds, stackIds } from "../../services/names";
import { loadSettings } from "../../settings/load";

const settings = () => loadSettings({ directory: project }).settings;
const services = () => servicesOf(settings());
const serviceNames = () => services().map(({ name }) => name);

/** The names that arguments and options take, by what they are called. */
const takes: Readonly<Record<string, (before: readonly string[]) => readonly string[]>> = {
  service: serviceNames,
  "task|service": serviceNames,
  /** Of the service that is named before, if one is. */
  container: (before) => {
    const named = services().filter(({ name }) => before.includes(name));
    const containers = (named.length > 0 ? named : services()).flatMap((service) => service.containers);
    return [...new Set(containers.map(({ name }) => name))];
  },
  stack: () => (settings().images.enabled ? [...splitStackIds, stackIds.images] : splitStackIds),
  image: () => imageTable.map(({ repository, shortName = repository }) => shortName),
};

function valuesOf(taker: Argument | Option | undefined, before: readonly string[]): readonly string[] {
  return taker === undefined ? [] : (taker.argChoices ?? takes[taker.name()]?.(before) ?? []);
}

/** The options that the command line has so far, its arguments, and the option that the next word is the value of. */
function parsed(command: Command, before: readonly string[]) {
  const args: string[] = [];
  let open: Option | undefined;
  for (const word of before) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith("-"))
      open = command.options.find((option) => [option.short, option.long].includes(word) && option.required);
    else args.push(word);
  }
  return { args, open };
}

/**
 * @param words of the command line so far, the last of which is to be completed
 * @returns what it could be; empty where that is a file or anything at all
 */
export function completions(command: Command, words: readonly string[]): string[] {
  const [before, word = ""] = [words.slice(0, -1), words.at(-1)];
  if (before.includes("--")) return [];
  const { args, open } = parsed(command, before);
  const fitting = (candidates: readonly string[]) => candidates.filter((one) => one.startsWith(word));
  try {
    if (open !== undefined) return fitting(valuesOf(open, before));
    if (word.startsWith("-")) {
      return fitting(
        command
          .createHelp()
          .visibleOptions(command)
          .flatMap(({ long }) => long ?? []),
      );
    }
    const known = command.registeredArguments;
    const next = known[args.length] ?? (known.at(-1)?.variadic ? known.at(-1) : undefined);
    // Among many of a kind, each once.
    return fitting(valuesOf(next, before)).filter((one) => !(next?.variadic && args.includes(one)));
  } catch (error) {
    // Settings that can't be read are told by the command itself.
    if (error instanceof UserError) return [];
    throw error;
  }
}
