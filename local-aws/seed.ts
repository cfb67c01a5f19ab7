/**
 * What exists before 02-app: the hosted zone of the domain and the two Lambda functions.
 */
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";

/** A zip archive without entries: the end-of-central-directory record alone. */
const emptyZip = Buffer.concat([Buffer.from("PK\u0005\u0006", "latin1"), Buffer.alloc(18)]);

export interface SeedOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly domain: string;
  readonly functionNames: readonly string[];
}

export async function seed({ endpoint, region, domain, functionNames }: SeedOptions): Promise<void> {
  const client = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  await new Route53Client(client).send(new CreateHostedZoneCommand({ Name: domain, CallerReference: domain }));
  const role = await new IAMClient(client).send(
    new CreateRoleCommand({
      RoleName: "functions",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
      }),
    }),
  );
  const lambda = new LambdaClient(client);
  for (const functionName of functionNames) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Role: role.Role?.Arn,
        Runtime: "python3.12",
        Handler: "lambda_function.lambda_handler",
        Code: { ZipFile: emptyZip },
      }),
    );
  }
}
