/** As from Cognito, the keys of `jwt_authn` come over TLS: from a host that an authority vouches for by its name. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserPool } from "../../../local/cognito/user-pool";
import { certificate } from "../../support/certificate";
import { outcome, startRequestPath } from "../../support/request-path";

const folder = mkdtempSync(join(tmpdir(), "keys-over-tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class PoolOverTls extends UserPool {
  readonly tls: Server;

  constructor(options: { readonly cert: Buffer; readonly key: Buffer }) {
    super();
    this.tls = createServer(options, (_request, response) => response.end(JSON.stringify(this.jwks())));
  }

  override get jwksUrl(): string {
    return `https://localhost:${(this.tls.address() as AddressInfo).port}/jwks.json`;
  }
}

test.each([
  ["its own name", "localhost", "own", "200 alice"],
  ["another name", "elsewhere.example", "own", "503"],
  ["its own name, by nobody that is trusted", "localhost", "the machine's", "503"],
])(
  "with a certificate of %s",
  async (_what, host, trusted, expected) => {
    const { file, cert, key } = await certificate(folder, host);
    const pool = new PoolOverTls({ cert, key });
    await new Promise<void>((resolve) => pool.tls.listen(0, "127.0.0.1", resolve));
    const edited = (yaml: string) =>
      trusted === "own" ? yaml.replace("/etc/ssl/certs/ca-certificates.crt", file) : yaml;
    const path = await startRequestPath("jwt_authn", { pool, edited });
    try {
      const headers = [["Authorization", `Bearer ${pool.token("alice")}`] as const];
      expect(outcome(await path.send({ method: "POST", headers }))).toBe(expected);
    } finally {
      await path.stop();
      pool.tls.closeAllConnections();
      await new Promise((resolve) => pool.tls.close(resolve));
    }
  },
  60_000,
);
