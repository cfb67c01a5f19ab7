import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { Construct } from "constructs";
import { databaseName, ports } from "../../services/names";
import { namesOf } from "../environment-names";

export interface DatabaseProps {
  /** `db.t3.micro` */
  readonly instanceClass: string;
  /** `14.6`, or `14` for the newest minor version. */
  readonly engineVersion: string;
  /** Name of one that is there. @default the instance keeps the one that it has */
  readonly parameterGroup?: string;
  /** Expressions over sensitive variables. */
  readonly username: string;
  readonly password: string;
  readonly securityGroupId: string;
  readonly preventDestroy: boolean;
}

/**
 * The PostgreSQL database. Reachable from outside the VPC and destroyed without a snapshot, as the state has it: known
 * weaknesses, kept.
 *
 * `aws_db_instance.ID`
 */
export class Database extends Construct {
  readonly instance: DbInstance;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    this.instance = new DbInstance(this, "Instance", {
      identifier: namesOf(this).database,
      instanceClass: props.instanceClass,
      engine: "postgres",
      engineVersion: props.engineVersion,
      parameterGroupName: props.parameterGroup,
      allocatedStorage: 20,
      dbName: databaseName,
      port: ports.postgres,
      username: props.username,
      password: props.password,
      multiAz: false,
      publiclyAccessible: true,
      storageEncrypted: true,
      performanceInsightsEnabled: false,
      deletionProtection: false,
      skipFinalSnapshot: true,
      vpcSecurityGroupIds: [props.securityGroupId],
      lifecycle: { preventDestroy: props.preventDestroy },
    });
  }

  get endpoint(): string {
    return this.instance.endpoint;
  }
}
