/** Calls of a role against the local AWS, which enforces IAM's policies meanwhile: actions, and which table and parameter they are on. */
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

export interface RoleClient {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

const region = "us-east-1";

export async function clientOf(endpoint: string, RoleName: string): Promise<RoleClient> {
  const local = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const { Role } = await new IAMClient(local).send(new GetRoleCommand({ RoleName }));
  const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "task" });
  const { Credentials } = await new STSClient(local).send(assume);
  const {
    AccessKeyId: accessKeyId = "",
    SecretAccessKey: secretAccessKey = "",
    SessionToken: sessionToken = "",
  } = Credentials ?? {};
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

/** https://docs.getmoto.org/en/latest/docs/iam.html */
async function setUncheckedCalls(endpoint: string, count: string): Promise<void> {
  const { ok } = await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: count });
  if (!ok) throw new Error("The local AWS doesn't enforce policies");
}

export async function enforcingIam<T>(endpoint: string, work: () => Promise<T>): Promise<T> {
  await setUncheckedCalls(endpoint, "0");
  try {
    return await work();
  } finally {
    await setUncheckedCalls(endpoint, "inf");
  }
}

/** @returns `allowed`, or `refused` where it is for want of a permission */
export async function permission(call: Promise<unknown>): Promise<"allowed" | "refused"> {
  try {
    await call;
    return "allowed";
  } catch (error) {
    // The local AWS says it in XML, whatever the service's protocol is.
    const { $response } = error as { readonly $response?: { readonly statusCode: number } };
    if ($response?.statusCode === 403) return "refused";
    throw error;
  }
}
