import { DataAwsLambdaFunction } from "@cdktf/provider-aws/lib/data-aws-lambda-function";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { namesOf } from "../environment-names";

export interface DeployedFunctionProps {
  readonly functionName: string;
}

/**
 * A Lambda function that is deployed by other means, looked up, and what may call it.
 *
 * `data.aws_lambda_function.ID`, `aws_lambda_permission.allow_cognito_trigger`,
 * `aws_lambda_event_source_mapping.cruddur_dynamodb_lambda_trigger`
 */
export class DeployedFunction extends Construct {
  readonly deployed: DataAwsLambdaFunction;
  readonly arn: string;
  #permission?: LambdaPermission;
  #eventSourceMapping?: LambdaEventSourceMapping;

  constructor(scope: Construct, id: string, { functionName }: DeployedFunctionProps) {
    super(scope, id);
    this.deployed = new DataAwsLambdaFunction(this, "Function", { functionName });
    this.arn = this.deployed.arn;
  }

  /** After `allowCallsFrom`. */
  get permission(): LambdaPermission | undefined {
    return this.#permission;
  }

  /** After `readStreamOf`. */
  get eventSourceMapping(): LambdaEventSourceMapping | undefined {
    return this.#eventSourceMapping;
  }

  /** https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html */
  allowCallsFrom(userPool: { readonly arn: string }): void {
    this.#permission = new LambdaPermission(this, "allow_cognito_trigger", {
      statementId: namesOf(this).cognitoPermission,
      action: "lambda:InvokeFunction",
      functionName: this.deployed.functionName,
      principal: "cognito-idp.amazonaws.com",
      sourceArn: userPool.arn,
    });
  }

  /** Calls the function with each batch of new items. */
  readStreamOf(table: { readonly streamArn: string }): void {
    this.#eventSourceMapping = new LambdaEventSourceMapping(this, "cruddur_dynamodb_lambda_trigger", {
      eventSourceArn: table.streamArn,
      functionName: this.arn,
      startingPosition: "LATEST",
    });
  }
}
