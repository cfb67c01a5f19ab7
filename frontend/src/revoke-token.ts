import { Amplify } from "aws-amplify";
import type { CognitoAuthTokens } from "./token-age";

/**
 * Tells Cognito that nobody refreshes with this token any more. Nobody waits for the answer, which changes nothing here; the
 * call outlives the page.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
 */
export function revokeToken({ refreshToken: Token }: CognitoAuthTokens): void {
  const { userPoolId = "", userPoolClientId: ClientId } = Amplify.getConfig().Auth?.Cognito ?? {};
  if (Token === undefined) return;
  const [region] = userPoolId.split("_");
  fetch(`https://cognito-idp.${region}.amazonaws.com/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.RevokeToken",
    },
    body: JSON.stringify({ ClientId, Token }),
    keepalive: true,
  }).catch(() => {});
}
