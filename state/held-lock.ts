/** Whether somebody holds the lock of a state, by reading alone: only who takes a lock learns of it from Terraform. */
import { dynamodbClient, s3Client } from "./aws-clients";
import { type Backend, type Lock, LockedError, StatePlace } from "./place";

/** As Terraform writes it, into a file beside the state and into the lock table. */
interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Who: string;
  readonly Created: string;
}

/**
 * @returns undefined where there is none, and where none can be seen: beside a local state lies the file of a process that
 * may have died long ago, and who may not read a lock is told at the writing
 */
async function heldLock({ type, arguments: given }: Backend): Promise<Lock | undefined> {
  if (type !== "s3") return undefined;
  const backend = { type, arguments: given };
  const found = [
    given.use_lockfile === true ? await lockFile(backend) : undefined,
    given.dynamodb_table === undefined ? undefined : await lockItem(backend),
  ].find((text) => text !== undefined);
  if (found === undefined) return undefined;
  const { ID, Operation, Who, Created } = lockInfo(found);
  return { id: ID, operation: Operation, who: Who, created: Created };
}

/** A lock is one, whatever another tool has written into it. */
function lockInfo(text: string): LockInfo {
  const unknown = { ID: "unknown", Operation: "not told", Who: "somebody", Created: "an unknown time" };
  try {
    return { ...unknown, ...(JSON.parse(text) as LockInfo) };
  } catch {
    return unknown;
  }
}

async function lockFile(backend: Backend): Promise<string | undefined> {
  const { bucket, key } = backend.arguments as Record<string, string>;
  const { client, GetObjectCommand } = s3Client(backend);
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
    return await Body?.transformToString();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

async function lockItem(backend: Backend): Promise<string | undefined> {
  const { bucket, key, dynamodb_table: table } = backend.arguments as Record<string, string>;
  const { client, GetItemCommand } = dynamodbClient(backend);
  try {
    const id = { LockID: { S: `${bucket}/${key}` } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: id, ConsistentRead: true }));
    return Item?.Info?.S;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

/** @throws LockedError where a lock can be seen at one of the places */
export async function refuseHeldLocks(backends: readonly Backend[]): Promise<void> {
  for (const backend of backends) {
    const lock = await heldLock(backend);
    if (lock !== undefined) throw new LockedError(new StatePlace(backend, ""), lock);
  }
}
