/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html */

/** The region is the part before the underscore: `eu-central-1_AbCdEf123`. */
export const userPoolIdPattern = /^([a-z]{2}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]+$/;

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html */
export const clientIdPattern = /^[\w+]{1,128}$/;

export function cognitoIssuer(userPoolId: string): string {
  const [, region = ""] = userPoolIdPattern.exec(userPoolId) ?? [];
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
}

export function cognitoJwksUrl(userPoolId: string): string {
  return `${cognitoIssuer(userPoolId)}/.well-known/jwks.json`;
}
