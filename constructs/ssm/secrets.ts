import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, TerraformIterator, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { type SecretName, secretsPath } from "../../services/names";
import type { AwsAccount } from "../aws-account";
import type { Grantee } from "../iam/task-role";

export interface SecretsProps {
  readonly account: AwsAccount;
  /** Values by name: Terraform expressions over sensitive variables, never text. */
  readonly values: Readonly<Record<SecretName, string>>;
}

/**
 * What containers get as secrets. Terraform iterates the names and looks the values up, since a sensitive value can't be
 * part of a `for_each`.
 *
 * `aws_ssm_parameter.ID["NAME"]`, `local.ID_values`
 */
export class Secrets extends Construct {
  private readonly parameters: SsmParameter;
  private readonly account: AwsAccount;

  constructor(scope: Construct, id: string, { account, values }: SecretsProps) {
    super(scope, id);
    this.account = account;
    const locals = new TerraformLocal(this, `${id}_values`, values);
    const each = TerraformIterator.fromList(Object.keys(values));
    this.parameters = new SsmParameter(this, "Parameters", {
      forEach: each,
      name: `${secretsPath}/${each.value}`,
      type: "SecureString",
      value: Token.asString(Fn.lookupNested(locals.expression, [each.value])),
    });
  }

  /** ARN of one parameter, as a container definition's `valueFrom` takes it. */
  arn(name: SecretName): string {
    return Token.asString(Fn.lookupNested(this.parameters.fqn, [`"${name}"`, "arn"]));
  }

  grantRead(grantee: Grantee): void {
    const { region, accountId } = this.account;
    grantee.addPolicy("Policy", "CruddurServiceExecutionPolicy", {
      Effect: "Allow",
      Action: ["ssm:GetParameters", "ssm:GetParameter"],
      Resource: `arn:aws:ssm:${region}:${accountId}:parameter${secretsPath}/*`,
    });
  }
}
