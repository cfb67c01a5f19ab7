/** A team's SQL files, into the database: all of a call, or nothing of it. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { project } from "../../lib/project";
import { shown, UserError } from "../../lib/user-error";
import { type PsqlOptions, runPsql, sqlName } from "./psql";

export interface SqlFiles {
  readonly schema: readonly string[];
  readonly seed: readonly string[];
}

/**
 * @returns absolute paths, in their order
 * @throws UserError where none is set, or naming every file that isn't there
 */
export function sqlFilesOf(files: SqlFiles, kind: keyof SqlFiles, folder = project): string[] {
  const names = files[kind];
  const setting = `sqlFiles.${kind}`;
  if (names.length === 0) {
    throw new UserError(
      `The setting ${setting} names no file: set it to your SQL, such as {"sqlFiles": {"${kind}": ["../backend-flask/db/${kind}.sql"]}}.`,
    );
  }
  const absent = names.filter((name) => !existsSync(resolve(folder, name)));
  if (absent.length > 0) {
    throw new UserError(
      `The setting ${setting} has ${absent.map(shown).join(" and ")}, but there is no such file in ${folder}: write it, or mend the setting.`,
    );
  }
  return names.map((name) => resolve(folder, name));
}

export interface LoadOptions extends PsqlOptions {
  readonly report: (line: string) => void;
}

/**
 * Loads files in one transaction.
 * @param database @default the URL's own
 * @throws UserError with psql's own words; nothing of the files is then in the database
 */
export async function loadFiles(files: readonly string[], options: LoadOptions, database?: string): Promise<void> {
  const { report, signal, environment } = options;
  const into = database === undefined ? [] : [`--dbname=${database}`];
  for (const file of files) report(`Loading ${file}`);
  const args = [...into, "--single-transaction", ...files.map((file) => `--file=${file}`)];
  const { exitCode, stderr } = await runPsql(args, { environment, signal, onLine: report });
  if (exitCode === 0) return;
  const what = signal?.aborted ? "Interrupted" : "The SQL failed";
  throw new UserError(`${what}: nothing of it is in the database. psql says:\n${stderr.trim()}`);
}

/**
 * Makes a database anew. The files are loaded into a new one beside it, which takes its place in the end: where they fail, the
 * old one is as it was.
 */
export async function remake(database: string, files: readonly string[], options: LoadOptions): Promise<void> {
  const { environment, report, signal } = options;
  const fresh = `${database.slice(0, 50)}_${randomBytes(4).toString("hex")}`;
  // Each command is a transaction of its own, as databases are made and dropped by no other.
  const maintain = async (...commands: readonly string[]) => {
    const args = ["--dbname=postgres", ...commands.map((sql) => `--command=${sql}`)];
    const { exitCode, stderr } = await runPsql(args, { environment });
    if (exitCode !== 0) throw new UserError(`${commands.join("; ")} failed. psql says:\n${stderr.trim()}`);
  };
  const dropFresh = () =>
    maintain(`DROP DATABASE IF EXISTS ${sqlName(fresh)}`).catch((error: Error) => report(error.message));
  await maintain(`CREATE DATABASE ${sqlName(fresh)}`);
  try {
    await loadFiles(files, options, fresh).catch((error: UserError) => {
      throw new UserError(error.message.replace("nothing of it is in the database", `${database} is as it was`));
    });
    if (signal?.aborted) throw new UserError(`Interrupted: ${database} is as it was.`);
    report(`Putting it in the place of ${database}`);
    // FORCE ends the connections of the services, which connect again.
    await maintain(`DROP DATABASE IF EXISTS ${sqlName(database)} WITH (FORCE)`);
  } catch (error) {
    await dropFresh();
    throw error;
  }
  // From here on the new one is the only one: it stays, whatever comes.
  const rename = `ALTER DATABASE ${sqlName(fresh)} RENAME TO ${sqlName(database)}`;
  await maintain(rename).catch((error: Error) => {
    throw new UserError(`${error.message}\nThe database is loaded, and called ${fresh} still: run ${rename}.`);
  });
}
