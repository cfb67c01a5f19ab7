import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { exitCodeMeanings } from "../../../commands/shared/exit-codes";
import { project } from "../../../lib/project";
import { scripts } from "../../../package.json";
import { documentedRows } from "../../support/documented-tables";

const sections = ["Plan and state", "What runs", "The database and the table", "Images", "The project"];
const documented = new Map(
  sections
    .flatMap((section) => documentedRows(section, "commands.md"))
    .map(([usage = "", , options = "", codes = ""]) => [
      usage.replace(/ (?!run )[[A-Z].*$/, ""),
      { options: options.split(", ").filter(Boolean).sort(), codes: codes.split(", ") },
    ]),
);

/** Everything that a user can start, with its entry point. */
function entries(): [name: string, entry: string, ...args: string[]][] {
  const files = readdirSync(join(project, "bin"), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const shell = files.map(({ parentPath, name }) => join(parentPath, name).slice(project.length + 1));
  const words = (text: string) => /tools\/run\.mjs"? (.*?)(?: "\$@")?$/m.exec(text)?.[1]?.split(" ");
  const all = [
    ...shell.map((file) => [file, words(readFileSync(join(project, file), "utf8"))] as const),
    ...Object.entries(scripts).map(([name, script]) => [`npm run ${name}`, words(script)] as const),
  ];
  return all.flatMap(([name, words = []]) => {
    const [entry, ...args] = words;
    return entry === undefined ? [] : [[name, entry, ...args]];
  });
}

/** What --help prints. Commands are loaded here, and not performed: a process each would take a minute. */
function helps(): Map<string, string> {
  const texts = new Map<string, string>();
  const load = (name: string, entry: string, args: readonly string[]) => {
    const parts: string[] = [];
    jest.doMock("../../../commands/shared/command", () => ({
      ...jest.requireActual("../../../commands/shared/command"),
      perform: (command: Command) => printing(command),
    }));
    printing = (command) => command.configureOutput({ writeOut: (part) => parts.push(part) }).outputHelp();
    const { argv } = process;
    process.argv = [...argv.slice(0, 2), ...args];
    require(join(project, entry));
    process.argv = argv;
    texts.set(name, parts.join(""));
  };
  // Those that depend on their arguments are one module with several commands.
  for (const [name, entry, ...args] of entries()) {
    if (args.length > 0) jest.isolateModules(() => load(name, entry, args));
    else load(name, entry, args);
  }
  return texts;
}

let printing: (command: Command) => void;
const helpOf = helps();

test("every command is documented, with the options and exit codes of its --help, and only those", () => {
  const actual = new Map(
    [...helpOf].map(([name, help]) => [
      name,
      {
        options: [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)]
          .map(([, flag = ""]) => flag)
          .filter((flag) => flag !== "--help")
          .sort(),
        codes: [...(help.split("Exit codes:\n")[1] ?? "").matchAll(/^ {2}(\d+) {2}/gm)].map(([, code = ""]) => code),
      },
    ]),
  );
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(actual));
});

test("no help shows that nothing is given where nothing is given", () => {
  for (const help of helpOf.values()) expect(help).not.toMatch(/default: (\[\]|false)/);
});

test("the exit codes are one table", () => {
  const rows = documentedRows("Exit codes", "commands.md").map(([code, meaning]) => [Number(code), meaning]);
  expect(Object.fromEntries(rows)).toEqual(exitCodeMeanings);
});
