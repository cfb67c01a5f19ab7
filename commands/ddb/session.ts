/** What the commands on the table of messages share. */
import { type Command, Option } from "commander";
import { printableJson } from "../../lib/printable";
import { project } from "../../lib/project";
import { shown, UserError } from "../../lib/user-error";
import { type AwsOptions, clientConfig } from "../../operations/aws";
import type { Item, MessagesTable } from "../../operations/ddb";
import { awsNamesOf } from "../../services/aws-names";
import { loadSettings } from "../../settings/load";
import { withAwsOptions } from "../shared/aws";
import { type JsonOption, withJson } from "../shared/options";

export interface ItemOptions extends AwsOptions, JsonOption {
  readonly limit: number;
}

function itemCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(`--limit is ${shown(text)}: give a whole number from 1.`);
}

/** @param most how many items where none is said */
export function withItems(command: Command, most: number): Command {
  return withAwsOptions(
    withJson(
      command.addOption(new Option("--limit <count>", "most items to print").default(most).argParser(itemCount)),
      "a list of the items; otherwise one item a line",
    ),
  );
}

/** The table of the settings' environment. */
export function messagesTable(options: AwsOptions): MessagesTable {
  const { DynamoDBClient } = require("@aws-sdk/client-dynamodb") as typeof import("@aws-sdk/client-dynamodb");
  const { settings } = loadSettings({ directory: project });
  return { client: new DynamoDBClient(clientConfig(options)), name: awsNamesOf(settings.environment).messagesTable };
}

/** Sets of DynamoDB are lists, binary values are base64. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

/** @returns how many were printed */
export async function printItems(items: AsyncIterable<Item>, { json }: JsonOption): Promise<number> {
  const all: Item[] = [];
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (json) all.push(item);
    else console.log(printableJson(JSON.stringify(item, plain)));
  }
  if (json) console.log(JSON.stringify(JSON.parse(JSON.stringify(all, plain)), null, 2));
  return count;
}
