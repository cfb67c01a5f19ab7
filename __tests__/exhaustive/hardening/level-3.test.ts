import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientOf, enforcingIam, permission } from "../../support/aws/enforced-iam";
import { describeLevel } from "../../support/hardened-level";

const minute = 60_000;

describeLevel(3, (system) => {
  describe("the roles of level 3, where IAM enforces", () => {
    const messages = "cruddur-messages";
    const item = { pk: { S: "MSG#1" }, sk: { S: "2026" } };
    test.each([
      ["backend-flask", "allowed"],
      ["backend-authz", "refused"],
      ["frontend-react-js", "refused"],
      ["otel-collector", "refused"],
    ])(
      "%s: reading and writing messages is %s, and whatever else the role of all tasks may is refused",
      async (service, expected) => {
        const { endpoint } = system().aws;
        const client = await clientOf(endpoint, `CruddurTaskRole-${service}`);
        const [dynamoDb, logs, ssm] = [
          new DynamoDBClient(client),
          new CloudWatchLogsClient(client),
          new SSMClient(client),
        ];
        await enforcingIam(endpoint, async () => {
          const put = new PutItemCommand({ TableName: messages, Item: item });
          expect(await permission(dynamoDb.send(put))).toBe(expected);
          expect(await permission(dynamoDb.send(new GetItemCommand({ TableName: messages, Key: item })))).toBe(
            expected,
          );
          expect(await permission(logs.send(new DescribeLogGroupsCommand({})))).toBe("refused");
          const secret = new GetParameterCommand({ Name: "/cruddur/backend-flask/CONNECTION_URL" });
          expect(await permission(ssm.send(secret))).toBe("refused");
        });
      },
      minute,
    );
  });
});
