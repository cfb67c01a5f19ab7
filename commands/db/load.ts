/** Loads a team's own SQL files: `schema-load`, `seed`, or `setup`, which makes the database anew with both. */
import { askedForName, hasTerminal } from "../../lib/ask";
import { interruptedBy } from "../../lib/interruption";
import { project } from "../../lib/project";
import { report } from "../../lib/report";
import { UserError } from "../../lib/user-error";
import { loadFiles, remake, type SqlFiles, sqlFilesOf } from "../../operations/db/loading";
import { requirePsql } from "../../operations/db/psql";
import { loadSettings } from "../../settings/load";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { exitCodes } from "../shared/exit-codes";
import { type DatabaseOptions, withDatabase, withTunnel } from "./session";

interface Options extends DatabaseOptions {
  readonly confirm?: string;
}

interface Kind {
  readonly files: readonly (keyof SqlFiles)[];
  readonly description: string;
  /** What it does to which database, for the question. */
  readonly effect: (database: string, host: string) => string;
}

const kinds: Readonly<Record<string, Kind>> = {
  setup: {
    files: ["schema", "seed"],
    description:
      "Makes the database anew from the SQL files of the setting sqlFiles. Everything in the old one is lost.",
    effect: (database, host) => `This drops the database ${database} of ${host} with everything in it.`,
  },
  "schema-load": {
    files: ["schema"],
    description: "Loads the SQL files of the setting sqlFiles.schema into the database, in one transaction.",
    effect: (database, host) =>
      `This changes the schema of the database ${database} of ${host}; the files may drop tables.`,
  },
  seed: {
    files: ["seed"],
    description: "Loads the SQL files of the setting sqlFiles.seed into the database, in one transaction.",
    effect: (database, host) => `This writes records into the database ${database} of ${host}.`,
  },
};

const [name = "", ...args] = process.argv.slice(2);
const kind = kinds[name] as Kind;

const command = withDatabase(
  newCommand(`bin/db/${name}`, kind.description, {
    failed: "refused or failed, and the database is as it was: the error says why",
    differs: "not confirmed: nothing was done",
    interrupted: "interrupted by Ctrl-C: the database is as it was",
  }).option("--confirm <database>", "the database's name, which is asked for otherwise"),
);

performOnAws<Options>(
  command,
  async (options) => {
    const { sqlFiles } = loadSettings({ directory: project }).settings;
    const files = kind.files.flatMap((one) => sqlFilesOf(sqlFiles, one));
    if (options.confirm === undefined && !hasTerminal()) {
      throw new UserError("There is no terminal to ask on: give the database's name with --confirm DATABASE.");
    }
    await requirePsql();
    const signal = interruptedBy();
    await withTunnel(options, async ({ connection, file }) => {
      const { database, host } = connection;
      if (options.confirm !== undefined && options.confirm !== database) {
        throw new UserError(`--confirm is ${options.confirm}, and the database is ${database}. Nothing was done.`);
      }
      const effect = kind.effect(database, host);
      if (options.confirm === undefined && !(await askedForName(effect, database, signal))) {
        report("Nothing was done.");
        process.exitCode = signal.aborted ? exitCodes.interrupted : exitCodes.differs;
        return;
      }
      const how = { environment: file.environment, signal, report };
      try {
        await (name === "setup" ? remake(database, files, how) : loadFiles(files, how));
      } catch (error) {
        if (!signal.aborted || !(error instanceof UserError)) throw error;
        report(error.message);
        process.exitCode = exitCodes.interrupted;
        return;
      }
      console.log(`${database} has ${files.join(", ")}.`);
    });
  },
  { args },
);
