/** Where the services have the database's URL from. */
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { UserError } from "../../lib/user-error";
import { placeOf } from "../place";
import { type Connection, connectionOf } from "./connection-url";

export const connectionSecret = "CONNECTION_URL";

/** @param secretsPath of the environment */
export async function storedConnection(ssm: SSMClient, secretsPath: string): Promise<Connection> {
  const Name = `${secretsPath}/${connectionSecret}`;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return connectionOf(Parameter?.Value ?? "", `The SSM parameter ${Name}`);
  } catch (error) {
    if ((error as Error).name !== "ParameterNotFound") throw error;
    throw new UserError(
      `There is no SSM parameter ${Name} (${await placeOf(ssm)}): deploy the app stack, or name another --region or --profile.`,
    );
  }
}
