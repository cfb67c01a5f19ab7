/** The script of a page that uses the frontend's session as an app does; bundled for the browser by the test. */
import { signIn, signOut } from "aws-amplify/auth";
import { apiFetch } from "../../frontend/src/api-fetch";
import { configureSession, getAccessToken, replaceAccessToken } from "../../frontend/src/session";

declare const BUILT_WITH: Record<"backendUrl" | "userPoolId" | "userPoolClientId", string>;

configureSession(BUILT_WITH);

Object.assign(window, {
  signIn: (username: string) =>
    signIn({ username, password: "Passw0rd!", options: { authFlowType: "USER_PASSWORD_AUTH" } }).then(
      ({ nextStep }) => nextStep.signInStep,
    ),
  signOut,
  getAccessToken,
  replaceAccessToken,
  apiFetch: apiFetch({ backendUrl: BUILT_WITH.backendUrl, session: { getAccessToken, replaceAccessToken } }),
});
