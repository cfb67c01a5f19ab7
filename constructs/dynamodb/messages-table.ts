import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { messagesIndex } from "../../services/names";
import { namesOf } from "../environment-names";
import type { Grantee } from "../iam/ecs-role";

export interface MessagesTableProps {
  readonly preventDestroy: boolean;
  /** How the index names its keys: `key_schema` for newer versions 6 of the provider. @default "hash_key" */
  readonly indexKeys?: "hash_key" | "key_schema";
}

/** Units of read and write capacity, for the table and its index alike. */
const capacity = { readCapacity: 5, writeCapacity: 5 };
const indexHash = "message_group_uuid";
const indexRange = "sk";

/**
 * The messages, by group, with a stream of what is new.
 *
 * `aws_dynamodb_table.ID`
 */
export class MessagesTable extends Construct {
  readonly table: DynamodbTable;
  readonly name: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, { preventDestroy, indexKeys = "hash_key" }: MessagesTableProps) {
    super(scope, id);
    this.table = new DynamodbTable(this, "Table", {
      name: namesOf(this).messagesTable,
      billingMode: "PROVISIONED",
      ...capacity,
      hashKey: "pk",
      rangeKey: "sk",
      attribute: [
        { name: indexHash, type: "S" },
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      globalSecondaryIndex: [
        {
          name: messagesIndex,
          hashKey: indexHash,
          rangeKey: indexRange,
          projectionType: "ALL",
          ...capacity,
        },
      ],
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      lifecycle: { preventDestroy },
    });
    if (indexKeys === "key_schema") this.nameIndexKeysBySchema();
    this.name = this.table.name;
    this.streamArn = this.table.streamArn;
  }

  /** The bindings are of version 5, which has no `key_schema` and wants a hash key. */
  private nameIndexKeysBySchema(): void {
    const index = {
      name: messagesIndex,
      key_schema: [
        { attribute_name: indexHash, key_type: "HASH" },
        { attribute_name: indexRange, key_type: "RANGE" },
      ],
      projection_type: "ALL",
      read_capacity: capacity.readCapacity,
      write_capacity: capacity.writeCapacity,
    };
    // Lazy: cdktf would add a list's items to those that are there.
    this.table.addOverride("global_secondary_index", Lazy.anyValue({ produce: () => [index] }));
  }

  grantReadWrite(grantee: Grantee): void {
    grantee.addPolicy("dynamodb_crud_access", namesOf(this).policies.messages, {
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
      Resource: [this.table.arn, `${this.table.arn}/index/*`],
    });
  }
}
