/** One word of a POSIX shell's command line, quoted where it must be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a shell takes it. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/**
 * The command line of some words. One word alone is a command line already, as ssh has it.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02
 */
export function commandLine(words: readonly string[]): string {
  const [only, ...more] = words;
  return only !== undefined && more.length === 0 ? only : shellCommand(words);
}
