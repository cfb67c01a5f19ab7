/**
 * Stands in for a Cognito user pool: signs access tokens with real RS256 keys and serves their public halves.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export type Claims = Readonly<Record<string, unknown>>;

let keyCount = 0;

export function newSigningKey(): SigningKey {
  keyCount += 1;
  return { kid: `key-${keyCount}`, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

export interface TokenOptions {
  /** On top of a valid token's claims; undefined leaves one out. */
  readonly claims?: Claims;
  readonly header?: Claims;
  /** @default the pool's first */
  readonly key?: SigningKey;
  /** "none" is without a signature; "HS256" takes the public key for the secret. @default RS256 */
  readonly algorithm?: "RS256" | "RS512" | "HS256" | "none";
}

export class UserPool {
  readonly userPoolId = "eu-central-1_LocalPool";
  readonly clientId = "7lhlkkfbfb4q5kpp90urffao";
  readonly issuer = `https://cognito-idp.eu-central-1.amazonaws.com/${this.userPoolId}`;
  /** How often the keys were asked for. */
  fetches = 0;
  private keys: readonly SigningKey[] = [newSigningKey()];
  private server: Server | undefined;
  private address: AddressInfo | undefined;

  get signingKey(): SigningKey {
    const [first] = this.keys;
    if (first === undefined) throw new Error("The pool has no key");
    return first;
  }

  get jwksUrl(): string {
    if (this.address === undefined) throw new Error("The pool isn't served");
    return `http://127.0.0.1:${this.address.port}/${this.userPoolId}/.well-known/jwks.json`;
  }

  /** What is published, in the order in which tokens are signed: by the first. */
  publish(...keys: readonly SigningKey[]): void {
    this.keys = keys;
  }

  jwks(): object {
    return {
      keys: this.keys.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        alg: "RS256",
        kid,
        use: "sig",
      })),
    };
  }

  /** @returns an access token of a user, valid for an hour */
  token(
    username: string,
    { claims = {}, header = {}, key = this.signingKey, algorithm = "RS256" }: TokenOptions = {},
  ): string {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      sub: "0b1c2d3e-0000-4000-8000-000000000000",
      iss: this.issuer,
      client_id: this.clientId,
      origin_jti: "7e0e0e0e-0000-4000-8000-000000000000",
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      auth_time: now,
      exp: now + 3600,
      iat: now,
      username,
      ...claims,
    };
    const signed = `${encoded({ kid: key.kid, alg: algorithm, ...header })}.${encoded(payload)}`;
    return `${signed}.${signature(signed, key, algorithm).toString("base64url")}`;
  }

  /** Serves the keys on a port of the loopback interface. @param port 0 for any free one */
  async serve(port = 0): Promise<void> {
    this.server = createServer((_request, response) => {
      this.fetches += 1;
      response.setHeader("content-type", "application/json").end(JSON.stringify(this.jwks()));
    });
    const { server } = this;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    this.address = server.address() as AddressInfo;
  }

  /** Leaves the address as it is, so that the pool can come back to it. */
  async away(): Promise<number> {
    const { server } = this;
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    this.server = undefined;
    return this.address?.port ?? 0;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await this.away();
  }
}

function signature(text: string, { privateKey, publicKey }: SigningKey, algorithm: TokenOptions["algorithm"]): Buffer {
  switch (algorithm) {
    case "none":
      return Buffer.alloc(0);
    case "HS256":
      return createHmac("sha256", publicKey.export({ format: "pem", type: "spki" }))
        .update(text)
        .digest();
    case "RS512":
      return sign("sha512", Buffer.from(text), privateKey);
    default:
      return sign("sha256", Buffer.from(text), privateKey);
  }
}
