/** What a request path is made for: where Envoy listens, whom it asks, and where it sends to. */

export interface Endpoint {
  /** Host name or IPv4 address. */
  readonly host: string;
  readonly port: number;
}

/** Where the pool's public keys are. https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export type JwksLocation = { readonly file: string } | { readonly url: string };

/** Who verifies a token: the authorizer, which Envoy asks over HTTP, or Envoy itself. */
export type Verification =
  | { readonly mode: "ext_authz"; readonly authz: Endpoint }
  | {
      readonly mode: "jwt_authn";
      readonly userPoolId: string;
      readonly clientId: string;
      /** @default the pool's own, from Cognito */
      readonly jwks?: JwksLocation;
      /** Seconds after which changed keys are known: a key must be published for so long before it signs. @default 60 */
      readonly jwksRefreshSeconds?: number;
    };

export interface RequestPath {
  /** On all IPv4 addresses; 0 for any free port. */
  readonly port: number;
  /** On the loopback interface; 0 for any free port. */
  readonly adminPort: number;
  readonly backend: Endpoint;
  readonly verification: Verification;
  /** What a request that needs a valid token and has none gets. */
  readonly denialStatus: 401 | 403;
}
