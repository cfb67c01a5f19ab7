import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, TerraformIterator, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import type { SecretName } from "../../services/names";
import type { AwsAccount } from "../aws-account";
import { namesOf } from "../environment-names";
import type { Grantee } from "../iam/ecs-role";

export interface SecretsProps {
  readonly account: AwsAccount;
  /** Values by name: Terraform expressions over sensitive variables, never text. */
  readonly values: Readonly<Record<SecretName, string>> & Readonly<Record<string, string>>;
}

/**
 * What containers get as secrets. Terraform iterates the names and looks the values up, since a sensitive value can't be
 * part of a `for_each`.
 *
 * `aws_ssm_parameter.ID["NAME"]`, `local.ID_values`
 */
export class Secrets extends Construct {
  /** One block, iterated over the names. */
  readonly parameter: SsmParameter;
  /** The values, which the parameters look up. */
  readonly values: TerraformLocal;
  private readonly account: AwsAccount;

  constructor(scope: Construct, id: string, { account, values }: SecretsProps) {
    super(scope, id);
    this.account = account;
    this.values = new TerraformLocal(this, `${id}_values`, values);
    const each = TerraformIterator.fromList(Object.keys(values));
    this.parameter = new SsmParameter(this, "Parameters", {
      forEach: each,
      name: `${namesOf(this).secretsPath}/${each.value}`,
      type: "SecureString",
      value: Token.asString(Fn.lookupNested(this.values.expression, [each.value])),
    });
  }

  /** ARN of one parameter, as a container definition's `valueFrom` takes it. */
  arn(name: string): string {
    return Token.asString(Fn.lookupNested(this.parameter.fqn, [`"${name}"`, "arn"]));
  }

  grantRead(grantee: Grantee): void {
    const { region, accountId } = this.account;
    const { policies, secretsPath } = namesOf(this);
    grantee.addPolicy("Policy", policies.readSecrets, {
      Effect: "Allow",
      Action: ["ssm:GetParameters", "ssm:GetParameter"],
      Resource: `arn:aws:ssm:${region}:${accountId}:parameter${secretsPath}/*`,
    });
  }
}
