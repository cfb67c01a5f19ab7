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

type Place = Pick<SeedOptions, "endpoint" | "region">;

const clientOf = ({ endpoint, region }: Place) => ({
  endpoint,
  region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

export async function seed({ domain, functionNames, ...place }: SeedOptions): Promise<void> {
  const client = clientOf(place);
  await new Route53Client(client).send(new CreateHostedZoneCommand({ Name: domain, CallerReference: domain }));
  await createFunctions(place, functionNames);
}

/** Functions that do nothing, with a role of their own. */
export async function createFunctions(place: Place, functionNames: readonly string[]): Promise<void> {
  const client = clientOf(place);
  const role = await new IAMClient(client).send(
    new CreateRoleCommand({
      RoleName: `functions-of-${functionNames[0] ?? "none"}`.slice(0, 64),
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
