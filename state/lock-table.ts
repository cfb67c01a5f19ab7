import { UserError } from "../lib/user-error";
import { sdkOptions } from "./bucket";
import { type Backend, describeBackend } from "./place";

/**
 * Takes the digest of a state out of the lock table. The S3 backend writes the state first and its MD5 into the table
 * second (item `BUCKET/KEY-md5`), and reads nothing while they differ; without the item it doesn't compare, and its next
 * write puts it there again. Source: Terraform, internal/backend/remote-state/s3/client.go.
 */
export async function dropDigest(backend: Backend): Promise<void> {
  const { bucket, key, dynamodb_table, endpoints, dynamodb_endpoint } = backend.arguments as {
    bucket: string;
    key: string;
    dynamodb_table: string;
    endpoints?: { dynamodb?: string };
    dynamodb_endpoint?: string;
  };
  // Loaded only where a table is to be mended. The runner's bundle knows no dynamic import.
  const { DeleteItemCommand, DynamoDBClient } =
    require("@aws-sdk/client-dynamodb") as typeof import("@aws-sdk/client-dynamodb");
  const client = new DynamoDBClient({
    ...sdkOptions(backend),
    endpoint: endpoints?.dynamodb ?? dynamodb_endpoint,
  });
  const id = `${bucket}/${key}-md5`;
  try {
    await client.send(new DeleteItemCommand({ TableName: dynamodb_table, Key: { LockID: { S: id } } }));
  } catch (error) {
    throw new UserError(
      `The digest of ${describeBackend(backend)} in the table ${dynamodb_table} is not its own, and could not be taken out (${(error as Error).name}): delete the item whose LockID is ${id}, then go on.`,
    );
  } finally {
    client.destroy();
  }
}
