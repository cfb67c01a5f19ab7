import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import { Construct } from "constructs";
import { userPoolClient } from "../../services/names";
import { namesOf } from "../environment-names";
import type { DeployedFunction } from "../lambda/deployed-function";

export interface UserPoolProps {
  /** Called once a new user has confirmed the e-mail address. */
  readonly postConfirmation: DeployedFunction;
  readonly preventDestroy: boolean;
}

/** The standard attributes that an app may write, and those that it may only read besides. */
const writable = [
  "address",
  "birthdate",
  "email",
  "family_name",
  "gender",
  "given_name",
  "locale",
  "middle_name",
  "name",
  "nickname",
  "phone_number",
  "picture",
  "preferred_username",
  "profile",
  "updated_at",
  "website",
  "zoneinfo",
];
const readOnly = ["email_verified", "phone_number_verified"];

function requiredText(name: string) {
  return {
    name,
    attributeDataType: "String",
    required: true,
    mutable: true,
    developerOnlyAttribute: false,
    stringAttributeConstraints: { minLength: "1", maxLength: "256" },
  };
}

/**
 * The users, who sign in by e-mail address, and the client that the frontend signs them in with.
 *
 * `aws_cognito_user_pool.ID`, `aws_cognito_user_pool_client.ID`
 */
export class UserPool extends Construct {
  readonly pool: CognitoUserPool;
  readonly client: CognitoUserPoolClient;
  readonly id: string;
  readonly arn: string;
  readonly clientId: string;

  constructor(scope: Construct, id: string, { postConfirmation, preventDestroy }: UserPoolProps) {
    super(scope, id);
    this.pool = new CognitoUserPool(this, "Pool", {
      name: namesOf(this).userPool,
      deletionProtection: "INACTIVE",
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      schema: ["email", "name", "preferred_username"].map(requiredText),
      mfaConfiguration: "OFF",
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      adminCreateUserConfig: { allowAdminCreateUserOnly: false },
      emailConfiguration: { emailSendingAccount: "COGNITO_DEFAULT" },
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ["email"] },
      verificationMessageTemplate: { defaultEmailOption: "CONFIRM_WITH_CODE" },
      lambdaConfig: { postConfirmation: postConfirmation.arn },
      lifecycle: { preventDestroy },
    });
    this.client = new CognitoUserPoolClient(this, "Client", {
      name: userPoolClient,
      userPoolId: this.pool.id,
      explicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: 60,
      idTokenValidity: 60,
      refreshTokenValidity: 30,
      tokenValidityUnits: [{ accessToken: "minutes", idToken: "minutes", refreshToken: "days" }],
      readAttributes: [...writable, ...readOnly],
      writeAttributes: writable,
    });
    this.id = this.pool.id;
    this.arn = this.pool.arn;
    this.clientId = this.client.id;
  }
}
