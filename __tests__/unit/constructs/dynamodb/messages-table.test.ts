import { synth } from "../../../../tools/testing";

describe("MessagesTable", () => {
  const { app } = synth();

  test("finds messages by group, and streams what is new", () => {
    expect(app.resource("aws_dynamodb_table.cruddur_messages_table")).toEqual({
      name: "cruddur-messages",
      billing_mode: "PROVISIONED",
      read_capacity: 5,
      write_capacity: 5,
      hash_key: "pk",
      range_key: "sk",
      attribute: [
        { name: "message_group_uuid", type: "S" },
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      global_secondary_index: [
        {
          name: "message-group-sk-index",
          hash_key: "message_group_uuid",
          range_key: "sk",
          projection_type: "ALL",
          read_capacity: 5,
          write_capacity: 5,
        },
      ],
      stream_enabled: true,
      stream_view_type: "NEW_IMAGE",
      lifecycle: { prevent_destroy: true },
    });
    expect(app.resource("output.messages_table_name").value).toBe("${aws_dynamodb_table.cruddur_messages_table.name}");
  });

  test("names the keys of its index by key_schema for AWS provider 6.37 and later, and changes nothing else", () => {
    const of = (awsProviderVersion: string) =>
      synth({ settings: { awsProviderVersion } }).app.resource("aws_dynamodb_table.cruddur_messages_table");
    const { global_secondary_index: indexes, ...table } = of("~> 6.5");
    const { global_secondary_index: former, ...same } = of("6.5.0");
    expect(table).toEqual(same);
    const { hash_key, range_key, ...index } = former[0];
    expect(indexes).toEqual([
      {
        ...index,
        key_schema: [
          { attribute_name: hash_key, key_type: "HASH" },
          { attribute_name: range_key, key_type: "RANGE" },
        ],
      },
    ]);
  });

  test("is read and written by the tasks, its index too", () => {
    const actions = ["GetItem", "DeleteItem", "PutItem", "Scan", "Query", "UpdateItem"];
    const others = ["BatchWriteItem", "BatchGetItem", "DescribeTable", "ConditionCheckItem"];
    expect(app.resource("aws_iam_policy.dynamodb_crud_access")).toEqual({
      name: "DynamoDBCrudAccessPolicy",
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [...actions, ...others].map((action) => `dynamodb:${action}`),
            Resource: [
              "${aws_dynamodb_table.cruddur_messages_table.arn}",
              "${aws_dynamodb_table.cruddur_messages_table.arn}/index/*",
            ],
          },
        ],
      },
    });
  });
});
