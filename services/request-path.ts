/** What Envoy, the authorizer and the app agree upon, beyond the ports in `names.ts`. */

/** What the load balancer's host for the API sends to Envoy; nothing else of it reaches the app. */
export const apiPrefix = "/api";

/** Where the app tells that it is well: without a user, also while the authorizer is away. */
export const apiHealthCheckPath = `${apiPrefix}/health-check`;

/** The request header that tells the app who a verified user is. What a client sends under this name is dropped. */
export const usernameHeader = "x-cognito-username";

/** Headers by which the app may be told a user: Envoy drops all that begin so, in any case, before it does anything. */
export const identityHeaderPrefix = "x-cognito-";

/** Where the authorizer answers 200 `{"status":"ok"}` while it can verify tokens, else 503. */
export const authzHealthCheckPath = "/health-check";
