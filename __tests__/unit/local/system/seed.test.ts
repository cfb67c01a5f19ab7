/** The local AWS begins with what the app stack declares. */
import { localSeed } from "../../../../local/system/seed";
import { synth } from "../../../../tools/testing";

const pool = { at: "local", id: "us-east-1_Local", clientId: "localclient" } as const;
const { calls } = localSeed(synth().app.json, "us-east-1", pool);
const parametersOf = (name: string) => calls.find(({ operation }) => operation === name)?.parameters;

test("the table has its keys, its index and its stream", () => {
  expect(parametersOf("create_table")).toEqual({
    TableName: "cruddur-messages",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    AttributeDefinitions: ["message_group_uuid", "pk", "sk"].map((name) => ({
      AttributeName: name,
      AttributeType: "S",
    })),
    GlobalSecondaryIndexes: [
      {
        IndexName: "message-group-sk-index",
        KeySchema: [
          { AttributeName: "message_group_uuid", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  });
});

test("the user pool has its attributes, and its client what it may do", () => {
  expect(parametersOf("create_user_pool")).toMatchObject({
    PoolName: "cruddur-user-pool",
    UsernameAttributes: ["email"],
    AutoVerifiedAttributes: ["email"],
    UsernameConfiguration: { CaseSensitive: false },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
  });
  expect(parametersOf("create_user_pool")?.Schema).toContainEqual({
    Name: "email",
    AttributeDataType: "String",
    Required: true,
    Mutable: true,
    DeveloperOnlyAttribute: false,
    StringAttributeConstraints: { MinLength: "1", MaxLength: "256" },
  });
  expect(parametersOf("create_user_pool_client")).toMatchObject({
    UserPoolId: "us-east-1_Local",
    ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "days" },
  });
});

test("without a user pool nobody could sign in", () => {
  expect(() => localSeed({ resource: {} }, "us-east-1", pool)).toThrow(/^The stack app declares no user pool/);
});
