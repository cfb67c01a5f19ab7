/** Questions on the terminal. */
import { createInterface } from "node:readline/promises";

export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks on the standard error, apart from the result.
 * @param signal what ends the question
 * @returns the answer without white space around it; empty where the input ended or the question was ended
 */
async function answerTo(question: string, signal?: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal is in raw mode: Ctrl-C comes as a key.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return (await Promise.race([terminal.question(question, { signal }), closed])).trim();
  } catch (error) {
    if ((error as Error).name === "AbortError") return "";
    throw error;
  } finally {
    terminal.close();
  }
}

/** Only `yes` is yes; the end of the input isn't. */
export async function askedYes(question: string, signal?: AbortSignal): Promise<boolean> {
  return (await answerTo(`${question} Only "yes" does: `, signal)).toLowerCase() === "yes";
}

/** Whether a name was typed, letter by letter: for what can't be taken back. */
export async function askedForName(question: string, name: string, signal?: AbortSignal): Promise<boolean> {
  return (await answerTo(`${question} Type ${name} to go on: `, signal)) === name;
}
