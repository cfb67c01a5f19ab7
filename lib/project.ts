/**
 * The project's folder, and the one that a command was called from. Entry points import them and pass them down; nothing else
 * asks where it is.
 */
import { resolve } from "node:path";

/** Set by tools/run.mjs for each run, and by jest.config.js for the tests. */
declare const PROJECT_FOLDER: string;

/** Absolute path of the project's folder, wherever the command was called from. */
export const project: string = PROJECT_FOLDER;

/**
 * npm runs a script in the project's folder and leaves the caller's in INIT_CWD, which everything below the script inherits:
 * it counts only for the command that the script itself starts. https://docs.npmjs.com/cli/v10/commands/npm-run-script
 */
export function callersFolder(
  environment: NodeJS.ProcessEnv,
  { cwd, entry }: { readonly cwd: string; readonly entry: string },
): string {
  const { INIT_CWD, npm_lifecycle_script: script = "" } = environment;
  const isNpmScript = cwd === project && script.includes(`tools/run.mjs ${entry.slice(project.length + 1)}`);
  return isNpmScript && INIT_CWD ? INIT_CWD : cwd;
}

/** Absolute path of the folder that the user called from. */
export const calledFrom: string = callersFolder(process.env, { cwd: process.cwd(), entry: process.argv[1] ?? "" });

/** A path as the user gave it on the command line: a relative one counts from where they called. */
export function fromCaller(path: string): string {
  return resolve(calledFrom, path);
}
