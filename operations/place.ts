/** Where a client of the AWS SDK looks, for the sentence that something isn't there. */
import { accountId } from "./account";
import type { ClientConfig } from "./aws";

/** What every client of the SDK has. */
interface Client {
  readonly config: { readonly region: () => Promise<string>; readonly credentials: ClientConfig["credentials"] };
}

/** @returns `account 123456789012, region eu-central-1`; without the account where STS doesn't tell it */
export async function placeOf({ config }: Client): Promise<string> {
  const region = await config.region();
  try {
    const account = await accountId({ region, credentials: config.credentials, maxAttempts: 1 });
    return `account ${account}, region ${region}`;
  } catch {
    return `region ${region}, in the account of these credentials`;
  }
}
