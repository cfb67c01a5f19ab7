/**
 * What the local AWS has when it starts: tables and user pool as the app stack declares them, read from its synthesized JSON, as
 * calls of the AWS API.
 */
import { UserError } from "../../lib/user-error";
import type { UserPoolPlace } from "./differences";

export interface ApiCall {
  /** boto3's name of the service: `cognito-idp`. */
  readonly service: string;
  /** boto3's name of the operation: `create_table`. */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface LocalSeed {
  readonly region: string;
  readonly userPool: { readonly id: string; readonly clientId: string };
  /** Of each user below. */
  readonly password: string;
  /** Handles; the e-mail address is `HANDLE@example.com`. */
  readonly users: readonly string[];
  readonly calls: readonly ApiCall[];
}

/** Who can sign in at once. The password is everybody's to read: the user pool is a laptop's, on its loopback interface. */
export const localUsers = { names: ["alice", "bob"], password: "Cruddur-1234" } as const;

type Fields = Readonly<Record<string, unknown>>;

/** @param app the synthesized JSON of the stack `app` */
export function localSeed(app: unknown, region: string, { id, clientId }: UserPoolPlace): LocalSeed {
  const resources = ((app as Fields).resource ?? {}) as Readonly<Record<string, Readonly<Record<string, Fields>>>>;
  const all = (type: string) => Object.values(resources[type] ?? {});
  const [pool] = all("aws_cognito_user_pool");
  const [client] = all("aws_cognito_user_pool_client");
  if (pool === undefined || client === undefined) {
    throw new UserError(
      "The stack app declares no user pool with a client: the local system needs one to sign in with.",
    );
  }
  return {
    region,
    userPool: { id, clientId },
    password: localUsers.password,
    users: localUsers.names,
    calls: [
      ...all("aws_dynamodb_table").map((table) => call("dynamodb", "create_table", tableParameters(table))),
      call("cognito-idp", "create_user_pool", poolParameters(pool)),
      call("cognito-idp", "create_user_pool_client", { UserPoolId: id, ...clientParameters(client) }),
    ],
  };
}

function call(service: string, operation: string, parameters: Fields): ApiCall {
  return { service, operation, parameters: defined(parameters) };
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A block, which Terraform's JSON has as an object or as a list of one. */
function block(value: unknown): Fields | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return one as Fields | undefined;
}

function blocks(value: unknown): readonly Fields[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as Fields];
}

/** `hash_key` as `HashKey`, and so with everything within. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.replace(/(^|_)([a-z])/g, (_match, _line, letter: string) => letter.toUpperCase()),
      pascal(one),
    ]),
  );
}

function keySchema({ hash_key: hash, range_key: range }: Fields): Fields[] {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
  ];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
function tableParameters(table: Fields): Fields {
  const index = (one: Fields) =>
    defined({
      IndexName: one.name,
      KeySchema: keySchema(one),
      Projection: defined({ ProjectionType: one.projection_type, NonKeyAttributes: one.non_key_attributes }),
    });
  const global = blocks(table.global_secondary_index).map(index);
  const local = blocks(table.local_secondary_index).map((one) => index({ ...one, hash_key: table.hash_key }));
  return {
    TableName: table.name,
    // What isn't measured here needs no capacity.
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keySchema(table),
    AttributeDefinitions: blocks(table.attribute).map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    GlobalSecondaryIndexes: global.length > 0 ? global : undefined,
    LocalSecondaryIndexes: local.length > 0 ? local : undefined,
    StreamSpecification:
      table.stream_enabled === true ? { StreamEnabled: true, StreamViewType: table.stream_view_type } : undefined,
  };
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
function poolParameters(pool: Fields): Fields {
  const recovery = blocks(block(pool.account_recovery_setting)?.recovery_mechanism);
  const password = block(pool.password_policy);
  return {
    PoolName: pool.name,
    UsernameAttributes: pool.username_attributes,
    AliasAttributes: pool.alias_attributes,
    AutoVerifiedAttributes: pool.auto_verified_attributes,
    UsernameConfiguration: pascal(block(pool.username_configuration)),
    Policies: password && { PasswordPolicy: pascal(password) },
    Schema: blocks(pool.schema).map(({ string_attribute_constraints: text, ...rest }) => ({
      ...(pascal(rest) as Fields),
      ...(text === undefined ? {} : { StringAttributeConstraints: pascal(block(text)) }),
    })),
    AccountRecoverySetting: {
      RecoveryMechanisms: recovery.length > 0 ? pascal(recovery) : [{ Name: "verified_email", Priority: 1 }],
    },
  };
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
function clientParameters(client: Fields): Fields {
  return {
    ClientName: client.name,
    ExplicitAuthFlows: client.explicit_auth_flows,
    AccessTokenValidity: client.access_token_validity,
    IdTokenValidity: client.id_token_validity,
    RefreshTokenValidity: client.refresh_token_validity,
    TokenValidityUnits: pascal(block(client.token_validity_units)),
    ReadAttributes: client.read_attributes,
    WriteAttributes: client.write_attributes,
    EnableTokenRevocation: client.enable_token_revocation,
  };
}
