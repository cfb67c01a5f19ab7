/** Lists who is connected to the database. */
import { printable } from "../../lib/printable";
import { table } from "../../lib/table";
import { queried, requirePsql } from "../../operations/db/psql";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type JsonOption, withJson } from "../shared/options";
import { type DatabaseOptions, withDatabase, withTunnel } from "./session";

const columns = ["pid", "user", "database", "client", "application", "state", "since"] as const;
type Session = Readonly<Record<(typeof columns)[number], string | number | null>>;

/** Queries are left out: they can hold records. https://www.postgresql.org/docs/current/monitoring-stats.html */
const sql = `select pid, usename as user, datname as database, host(client_addr) as client, application_name as application,
  state, to_char(backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
  from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by backend_start`;

const command = withDatabase(
  withJson(
    newCommand(
      "bin/db/sessions",
      "Lists the connections to the database: who, from where, since when. Changes nothing.",
    ),
    `[{${columns.join(", ")}}]`,
  ),
);

performOnAws<DatabaseOptions & JsonOption>(command, async (options) => {
  await requirePsql();
  await withTunnel(options, async ({ file }) => {
    const sessions = await queried<Session>(sql, [], { environment: file.environment });
    if (options.json) return console.log(JSON.stringify(sessions, null, 2));
    const rows = sessions.map((session) => columns.map((column) => printable(String(session[column] ?? "-"))));
    const head = columns.map((column) => column.toUpperCase());
    console.log(rows.length === 0 ? "Nobody else is connected." : table(head, rows));
  });
});
