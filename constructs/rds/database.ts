import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { Construct } from "constructs";
import { ports } from "../../services/names";
import type { Settings } from "../../settings/schema";

export interface DatabaseProps {
  readonly settings: Settings["database"];
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
  /** For arguments that a team changes. */
  readonly instance: DbInstance;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    this.instance = new DbInstance(this, "Instance", {
      identifier: "cruddur-db-instance",
      instanceClass: props.settings.instanceClass,
      engine: "postgres",
      engineVersion: props.settings.engineVersion,
      allocatedStorage: 20,
      dbName: "cruddur",
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
