/** What Envoy, the authorizer and the app agree upon, beyond the ports in `names.ts`. */

/** The request header that tells the app who a verified user is. What a client sends under this name is dropped. */
export const usernameHeader = "x-cognito-username";

/** Where the authorizer answers 200 `{"status":"ok"}` while it can verify tokens, else 503. */
export const authzHealthCheckPath = "/health-check";
