import type { Backend } from "./place";

/** How the AWS SDK reaches what an S3 backend reaches, by the same profile or the environment's credentials. */
export function sdkOptions({ arguments: given }: Backend): { region?: string; profile?: string } {
  // Its announcement of the end of Node 20's support is of no use to who splits a state.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { region, profile } = given as { region?: string; profile?: string };
  return { region, profile };
}

/**
 * Versioning is the last way back, when all else is lost. It is only read here.
 * @returns what to say of the bucket; undefined where it is versioned, or the place is none
 */
export async function stateBucketWarning(backend: Backend): Promise<string | undefined> {
  if (backend.type !== "s3") return undefined;
  const { bucket, endpoints, use_path_style } = backend.arguments as {
    bucket: string;
    endpoints?: { s3?: string };
    use_path_style?: boolean;
  };
  // Loaded only where a state lies in S3. The runner's bundle knows no dynamic import.
  const { GetBucketVersioningCommand, S3Client } = require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
  const client = new S3Client({
    ...sdkOptions(backend),
    endpoint: endpoints?.s3,
    forcePathStyle: use_path_style,
  });
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    if (Status === "Enabled") return undefined;
    return `Warning: the bucket ${bucket} keeps no versions of its objects. Switch versioning on before a split (aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled).`;
  } catch (error) {
    return `Warning: whether the bucket ${bucket} is versioned could not be read (${(error as Error).name}).`;
  } finally {
    client.destroy();
  }
}
