/** Prints the items of the table of messages. */
import { report } from "../../lib/report";
import { scannedItems } from "../../operations/ddb";
import { performOnAws } from "../shared/aws";
import { newCommand } from "../shared/command";
import { type ItemOptions, messagesTable, printItems, withItems } from "./session";

const command = withItems(
  newCommand("bin/ddb/scan", "Prints the items of the table of messages. Changes nothing."),
  1000,
);

performOnAws<ItemOptions>(command, async (options) => {
  const messages = messagesTable(options);
  const count = await printItems(scannedItems(messages, options.limit), options);
  if (count === 0) report(`The table ${messages.name} is empty.`);
  if (count === options.limit) report(`Ended after ${count} items: give more with --limit.`);
});
