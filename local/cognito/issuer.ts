/**
 * Stands in for Cognito where a session is concerned: the calls that a library makes to sign in with a password, refresh and
 * sign out, over TLS and with CORS as Cognito has it. Its tokens are the local user pool's, signed by real keys.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { UserPool } from "./user-pool";

type Fields = Readonly<Record<string, unknown>>;

class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export interface TlsCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export class CognitoStandIn {
  /** Calls by operation: `InitiateAuth`. */
  readonly calls: { readonly operation: string; readonly flow: string }[] = [];
  /** Seconds for which the next access tokens are valid; negative: expired already. */
  validitySeconds = 3600;
  /** Answers everything with this status, as Cognito does when it is ill. */
  illness: number | undefined;
  /** What an answer waits for once it is made, as on a slow line. @default nothing */
  slowness: (operation: string) => Promise<void> | undefined = () => undefined;
  private readonly users = new Map<string, string>();
  private readonly server: Server;

  constructor(
    private readonly pool: UserPool,
    certificate: TlsCertificate,
  ) {
    this.server = createServer(certificate, async (request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "*");
      response.setHeader("content-type", "application/x-amz-json-1.1");
      if (request.method === "OPTIONS") return response.end();
      let text = "";
      for await (const chunk of request) text += chunk;
      const operation = String(request.headers["x-amz-target"]).replace("AWSCognitoIdentityProviderService.", "");
      try {
        const output = this.answer(operation, JSON.parse(text));
        await this.slowness(operation);
        return response.end(JSON.stringify(output));
      } catch (error) {
        const { type, message, status } = error as Refusal;
        await this.slowness(operation);
        response.setHeader("x-amzn-errortype", type);
        return response.writeHead(status).end(JSON.stringify({ __type: type, message }));
      }
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get refreshes(): number {
    return this.calls.filter(({ flow }) => flow === "REFRESH_TOKEN_AUTH").length;
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    return this;
  }

  /** Leaves its port, so that it can come back to it. */
  async stop(): Promise<number> {
    const address = this.server.address() as AddressInfo | null;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    return address?.port ?? 0;
  }

  /** Ends all sessions of a user, as GlobalSignOut and an administrator do. */
  revoke(username: string): void {
    for (const [token, user] of this.users) if (user === username) this.users.delete(token);
  }

  private answer(operation: string, input: Fields): Fields {
    const parameters = (input.AuthParameters ?? {}) as Fields;
    const refresh = operation === "GetTokensFromRefreshToken" || /^REFRESH_TOKEN/.test(String(input.AuthFlow));
    this.calls.push({ operation, flow: refresh ? "REFRESH_TOKEN_AUTH" : String(input.AuthFlow ?? "") });
    if (this.illness !== undefined) throw new Refusal("InternalErrorException", "Something went wrong", this.illness);
    if (refresh) {
      const user = this.users.get(String(parameters.REFRESH_TOKEN ?? input.RefreshToken));
      if (user === undefined) throw new Refusal("NotAuthorizedException", "Refresh Token has been revoked");
      return { AuthenticationResult: this.tokens(user) };
    }
    if (operation === "RevokeToken") {
      this.users.delete(String(input.Token));
      return {};
    }
    if (operation === "InitiateAuth" && input.AuthFlow === "USER_PASSWORD_AUTH") {
      const user = String(parameters.USERNAME);
      const refreshToken = randomUUID();
      this.users.set(refreshToken, user);
      return { ChallengeParameters: {}, AuthenticationResult: { ...this.tokens(user), RefreshToken: refreshToken } };
    }
    throw new Refusal("InvalidParameterException", `The stand-in knows no ${operation}`);
  }

  private tokens(username: string): Fields {
    const now = Math.floor(Date.now() / 1000);
    const claims = { exp: now + this.validitySeconds, iat: now, jti: randomUUID() };
    const identity = { aud: this.pool.clientId, token_use: "id", "cognito:username": username };
    return {
      AccessToken: this.pool.token(username, { claims }),
      // It outlives the access token, so that this one alone leads to a refresh.
      IdToken: this.pool.token(username, { claims: { ...claims, ...identity, exp: now + 3600 } }),
      TokenType: "Bearer",
      ExpiresIn: this.validitySeconds,
    };
  }
}
