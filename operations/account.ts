import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { shown, UserError } from "../lib/user-error";
import type { Settings } from "../settings/schema";
import type { ClientConfig } from "./aws";

/** @returns the id of the account that the credentials are of */
export async function accountId(config: ClientConfig): Promise<string> {
  const { Account = "" } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  return Account;
}

/**
 * Keeps a command that changes something to the accounts of the settings, as Terraform is kept to them.
 * @returns the account's id. @throws UserError in another account
 */
export async function requireAllowedAccount(
  config: ClientConfig,
  { allowedAccountIds }: Pick<Settings, "allowedAccountIds">,
): Promise<string> {
  const account = await accountId(config);
  if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account)) {
    throw new UserError(
      `These credentials are of account ${account}, and the setting allowedAccountIds has ${shown(allowedAccountIds)}: name another --profile, or fix the setting.`,
    );
  }
  return account;
}
