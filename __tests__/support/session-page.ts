/** The script of a page that uses the frontend's session as an app does; bundled for the browser by the test. */
import { getCurrentUser, signIn, signOut as signOutByAmplify } from "aws-amplify/auth";
import { defaultStorage } from "aws-amplify/utils";
import { apiFetch } from "../../frontend/src/api-fetch";
import {
  configureSession,
  getAccessToken,
  onSessionChange,
  replaceAccessToken,
  signOut,
} from "../../frontend/src/session";

declare const BUILT_WITH: Record<"backendUrl" | "userPoolId" | "userPoolClientId", string>;

// Storage of Amplify's that all tabs share.
const shared = new URL(location.href).searchParams.get("storage") === "local" ? { storage: defaultStorage } : {};
configureSession({ ...BUILT_WITH, ...shared });

Object.assign(window, {
  signIn: (username: string) =>
    signIn({ username, password: "Passw0rd!", options: { authFlowType: "USER_PASSWORD_AUTH" } }).then(
      ({ nextStep }) => nextStep.signInStep,
    ),
  signOut,
  signOutByAmplify,
  getCurrentUser,
  getAccessToken,
  replaceAccessToken,
  onSessionChange,
  apiFetch: apiFetch({ backendUrl: BUILT_WITH.backendUrl, session: { getAccessToken, replaceAccessToken } }),
});
