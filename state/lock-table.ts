import { UserError } from "../lib/user-error";
import { awsWords, dynamodbClient } from "./aws-clients";
import { type Backend, describeBackend } from "./place";

/**
 * Takes the digest of a state out of the lock table. The S3 backend writes the state first and its MD5 into the table
 * second (item `BUCKET/KEY-md5`), and reads nothing while they differ; without the item it doesn't compare, and its next
 * write puts it there again. Source: Terraform, internal/backend/remote-state/s3/client.go.
 */
export async function dropDigest(backend: Backend): Promise<void> {
  const { bucket, key, dynamodb_table: table } = backend.arguments as Record<string, string>;
  const { client, DeleteItemCommand } = dynamodbClient(backend);
  const id = `${bucket}/${key}-md5`;
  try {
    await client.send(new DeleteItemCommand({ TableName: table, Key: { LockID: { S: id } } }));
  } catch (error) {
    throw new UserError(
      `The digest of ${describeBackend(backend)} in the table ${table} doesn't match the state, and could not be deleted (${awsWords(error)}): delete the item whose LockID is ${id}, then go on.`,
    );
  } finally {
    client.destroy();
  }
}
