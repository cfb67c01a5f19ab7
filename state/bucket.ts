import { awsWords, s3Client } from "./aws-clients";
import type { Backend } from "./place";

/**
 * Versioning is the last way back, when all else is lost. It is only read here.
 * @returns what to say of the bucket; undefined where it is versioned, or the place is none
 */
export async function stateBucketWarning(backend: Backend): Promise<string | undefined> {
  if (backend.type !== "s3") return undefined;
  const { bucket } = backend.arguments as { bucket: string };
  const { client, GetBucketVersioningCommand } = s3Client(backend);
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    if (Status === "Enabled") return undefined;
    return `Warning: the bucket ${bucket} keeps no versions of its objects. Switch versioning on before a split (aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled).`;
  } catch (error) {
    return `Warning: whether the bucket ${bucket} is versioned could not be read (${awsWords(error)}).`;
  } finally {
    client.destroy();
  }
}
