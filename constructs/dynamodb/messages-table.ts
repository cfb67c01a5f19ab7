import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Grantee } from "../iam/task-role";

export interface MessagesTableProps {
  readonly preventDestroy: boolean;
}

/** Units of read and write capacity, for the table and its index alike. */
const capacity = { readCapacity: 5, writeCapacity: 5 };

/**
 * The messages, by group, with a stream of what is new.
 *
 * `aws_dynamodb_table.ID`
 */
export class MessagesTable extends Construct {
  readonly name: string;
  readonly streamArn: string;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { preventDestroy }: MessagesTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "Table", {
      name: "cruddur-messages",
      billingMode: "PROVISIONED",
      ...capacity,
      hashKey: "pk",
      rangeKey: "sk",
      attribute: [
        { name: "message_group_uuid", type: "S" },
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      globalSecondaryIndex: [
        {
          name: "message-group-sk-index",
          hashKey: "message_group_uuid",
          rangeKey: "sk",
          projectionType: "ALL",
          ...capacity,
        },
      ],
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      lifecycle: { preventDestroy },
    });
    this.arn = table.arn;
    this.name = table.name;
    this.streamArn = table.streamArn;
  }

  grantReadWrite(grantee: Grantee): void {
    grantee.addPolicy("dynamodb_crud_access", "DynamoDBCrudAccessPolicy", {
      Effect: "Allow",
      Action: [
        "dynamodb:GetItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
        "dynamodb:ConditionCheckItem",
      ],
      Resource: [this.arn, `${this.arn}/index/*`],
    });
  }
}
