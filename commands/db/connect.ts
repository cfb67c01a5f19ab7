/** Opens psql on the database, through a running task. */
import { psqlOnTerminal, requirePsql } from "../../operations/db/psql";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type DatabaseOptions, withDatabase, withTunnel } from "./session";

const command = withDatabase(
  newCommand("bin/db/connect", "Opens psql on the database, through a task that runs (ECS Exec).", {
    done: "psql has ended with 0; any other code is psql's",
    failed: "there is no way to the database: the error says why",
  }).argument("[psql-args...]", 'what psql gets, after --: -c "select 1"'),
).addHelpText("after", "\nOptions come before --. The password is on no command line and in no environment.");

performOnAws<DatabaseOptions>(command, async (options, args) => {
  await requirePsql();
  await withTunnel(options, async ({ file }) => {
    process.exitCode = await psqlOnTerminal(args, file.environment);
  });
});
