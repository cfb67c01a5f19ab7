/** Lists the conversations of a user, the newest first. */
import { report } from "../../lib/report";
import { UserError } from "../../lib/user-error";
import { queried, requirePsql } from "../../operations/db/psql";
import { conversationsOf } from "../../operations/ddb";
import { type DatabaseOptions, withTunnel } from "../db/session";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type ItemOptions, messagesTable, printItems, withItems } from "./session";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const command = withItems(
  newCommand("bin/ddb/list-conversations", "Lists the conversations of a user, the newest first. Changes nothing.")
    .argument("<user>", "uuid of a user; or a handle, which is looked up in the database's table users")
    .option("--service <name>", "for a handle: through a task of this service, as bin/db/connect"),
  20,
);

/** @throws UserError where nobody has the handle */
async function uuidOf(handle: string, options: DatabaseOptions): Promise<string> {
  let found: string | undefined;
  await requirePsql();
  await withTunnel(options, async ({ file }) => {
    // As a variable of psql's, so that no handle is SQL.
    const sql = "select uuid::text as uuid from public.users where handle = :'handle'";
    const [row] = await queried<{ readonly uuid: string }>(sql, [`--set=handle=${handle}`], {
      environment: file.environment,
    });
    found = row?.uuid;
  });
  if (found === undefined)
    throw new UserError(`No user of the database has the handle ${handle}: give a uuid or a handle.`);
  return found;
}

performOnAws<ItemOptions & DatabaseOptions>(command, async (options, [user = ""]) => {
  const id = uuid.test(user) ? user.toLowerCase() : await uuidOf(user, options);
  const count = await printItems(conversationsOf(messagesTable(options), id, options.limit), options);
  if (count === 0) report(`The user ${id} has no conversations.`);
});
