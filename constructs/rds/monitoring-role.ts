import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";
import { policyDocument } from "../iam/policy-document";

/**
 * By which RDS writes an instance's operating system metrics.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 *
 * `aws_iam_role.ID`
 */
export class MonitoringRole extends Construct {
  readonly role: IamRole;
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new IamRole(this, "Role", {
      name: namesOf(this).roles.databaseMonitoring,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
      }),
      managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
    });
    this.arn = this.role.arn;
  }
}
