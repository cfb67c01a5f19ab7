/** The table of messages, as the backend writes it. */
import { type DynamoDBClient, paginateQuery, paginateScan, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { UserError } from "../lib/user-error";
import { placeOf } from "./place";

export type Item = Readonly<Record<string, unknown>>;

export interface MessagesTable {
  readonly client: DynamoDBClient;
  readonly name: string;
}

type Pages = AsyncIterable<{ readonly Items?: Parameters<typeof unmarshall>[0][] }>;

/** @throws UserError where there is no such table, with where it was looked for */
async function* itemsOf({ client, name }: MessagesTable, pages: Pages, limit: number): AsyncGenerator<Item> {
  let count = 0;
  try {
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        if (count >= limit) return;
        count += 1;
        // Numbers of more digits than JavaScript has stay whole as texts.
        yield unmarshall(item, { wrapNumbers: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text) });
      }
    }
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    throw new UserError(
      `There is no table ${name} (${await placeOf(client)}): deploy the app stack, or name another --region or --profile.`,
    );
  }
}

/** In no order. */
export function scannedItems(table: MessagesTable, limit: number): AsyncGenerator<Item> {
  const pages = paginateScan(table, { TableName: table.name });
  return itemsOf(table, pages, limit);
}

/** The conversations of a user, the newest first: items under `GRP#USER`, sorted by the time of their last message. */
export function conversationsOf(table: MessagesTable, user: string, limit: number): AsyncGenerator<Item> {
  const query: QueryCommandInput = {
    TableName: table.name,
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": { S: `GRP#${user}` } },
    ScanIndexForward: false,
  };
  return itemsOf(table, paginateQuery(table, query), limit);
}
