/** The exit codes of all commands. docs/commands.md has the same table, and --help shows what each command uses of it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  differs: 2,
  destroys: 3,
  unfinished: 3,
  interrupted: 130,
} as const;

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "done: nothing differs, nothing is missing",
  1: "refused or failed: the error says why",
  2: "something differs, would change, or is missing",
  3: "something would be destroyed or replaced; or what was started isn't finished",
  130: "interrupted by Ctrl-C",
};

/** In a command's own words, for the codes that mean more than the table says. */
export type ExitCodeWords = Readonly<Partial<Record<keyof typeof exitCodes, string>>>;

/** The section of --help. 0 and 1 are every command's. */
export function exitCodeHelp(words: ExitCodeWords): string {
  const used = { done: "done", failed: exitCodeMeanings[exitCodes.failed], ...words };
  const lines = Object.entries(used)
    .map(([name, text]) => [exitCodes[name as keyof typeof exitCodes], text] as const)
    .sort(([a], [b]) => a - b)
    .map(([code, text]) => `  ${String(code).padEnd(3)}  ${text}`);
  return ["\nExit codes:", ...lines].join("\n");
}
