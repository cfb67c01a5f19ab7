import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { accessTokenVerifier } from "../../../authz/src/access-token";
import { Authorizer, type Decision } from "../../../authz/src/authorizer";
import { AuthzServer } from "../../../authz/src/server";
import { VerifiedTokens } from "../../../authz/src/verified-tokens";
import { newSigningKey, UserPool } from "../../../local/cognito/user-pool";
import { Random } from "../../support/random";
import { type RawRequest, send, sendText } from "../../support/raw-http";

describe("the authorizer's server", () => {
  const pool = new UserPool();
  const strangersKey = newSigningKey();
  let keysCanBeHad = true;
  let healthy = true;
  let decisions: Decision[] = [];
  const verifier = accessTokenVerifier(pool.userPoolId, pool.clientId);
  verifier.useKeys(pool.jwks() as Parameters<typeof verifier.useKeys>[0]);
  const server = new AuthzServer({
    authorizer: new Authorizer(verifier, { lookUp: async () => keysCanBeHad }, new VerifiedTokens(100)),
    isHealthy: () => healthy,
    onDecision: (decision) => decisions.push(decision),
  });
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    port = (server.http.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.http.close(resolve)));
  beforeEach(() => {
    keysCanBeHad = true;
    healthy = true;
    decisions = [];
  });

  const bearer = (token: string): RawRequest["headers"] => [["Authorization", `Bearer ${token}`]];

  test("tells Envoy the user", async () => {
    const { status, headers, body } = await send(port, { method: "POST", headers: bearer(pool.token("alice")) });
    expect([status, headers["x-cognito-username"], body]).toEqual([200, "alice", ""]);
    expect(decisions).toEqual([{ outcome: "verified", username: "alice" }]);
  });

  test("tells a user name of any script as UTF-8", async () => {
    const { headers } = await send(port, { headers: bearer(pool.token("李é😀")) });
    expect(Buffer.from(headers["x-cognito-username"] ?? "", "latin1").toString("utf8")).toBe("李é😀");
  });

  test("lets readers go on without a user", async () => {
    const { status, headers } = await send(port, { headers: bearer("undefined") });
    expect([status, headers["x-cognito-username"]]).toEqual([200, undefined]);
  });

  test("denies others, and says how it would be better", async () => {
    const none = await send(port, { method: "DELETE" });
    expect([none.status, none.headers["www-authenticate"], none.body]).toEqual([
      401,
      "Bearer",
      '{"message":"Unauthorized"}',
    ]);
    const bad = await send(port, { method: "DELETE", headers: bearer("a.b.c") });
    expect([bad.status, bad.headers["www-authenticate"]]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  test("is unavailable without the keys to tell", async () => {
    keysCanBeHad = false;
    const { status, headers } = await send(port, { headers: bearer(pool.token("alice", { key: strangersKey })) });
    expect([status, headers["x-cognito-username"]]).toEqual([503, undefined]);
  });

  test("takes paths and tokens as long as Envoy lets through", async () => {
    const groups = Array.from({ length: 1500 }, (_value, index) => `group-${index}`);
    const token = pool.token("alice", { claims: { "cognito:groups": groups } });
    const { status } = await send(port, { method: "POST", path: `/api/${"a".repeat(60_000)}`, headers: bearer(token) });
    expect(status).toBe(200);
  });

  test("answers its health check, on one path and method alone", async () => {
    expect(await send(port, { path: "/health-check" })).toMatchObject({ status: 200, body: '{"status":"ok"}' });
    healthy = false;
    expect(await send(port, { path: "/health-check" })).toMatchObject({
      status: 503,
      body: '{"status":"unavailable"}',
    });
    expect(await send(port, { method: "POST", path: "/health-check" })).toMatchObject({ status: 401 });
    expect(await send(port, { method: "POST", path: "/health-check/" })).toMatchObject({ status: 401 });
  });

  test("never takes random headers for a user, and goes on", async () => {
    const seed = Date.now() % 1_000_000;
    const random = new Random(seed);
    const token = pool.token("alice");
    const mutated = () => {
      // The last character holds bits that belong to no byte of the signature.
      const at = random.below(token.length - 1);
      const other = String.fromCharCode(33 + random.below(94));
      return other === token[at] ? "x" : token.slice(0, at) + other + token.slice(at + 1);
    };
    const foreign = pool.token("alice", { key: strangersKey });
    const plain = () => random.one(["authorization", "AUTHORIZATION", "x-cognito-username", "cookie"]);
    const odd = () => random.one(["Authorization ", "a\u00e9", "", "authorization\0"]);
    const values = [
      () => token,
      () => `Bearer ${mutated()}`,
      () => `Bearer ${foreign}`,
      () => `Bearer ${token}.x`,
      () => `Basic ${token}`,
      () => `Bearer ${token.slice(0, random.below(token.length))}`,
      () => `Bearer ${token}, Bearer ${token}`,
      () => `Bearer\t${token}`,
      () => `Bearer ${token}\0`,
      () => random.text(200, () => String.fromCharCode(random.below(256))),
    ];
    for (let round = 0; round < 400; round += 1) {
      const fields = Array.from(
        { length: 1 + random.below(3) },
        () => `${random.below(10) === 0 ? odd() : plain()}:${random.one(["", " ", "  "])}${random.one(values)()}\r\n`,
      );
      const method = random.one(["GET", "POST", "PUT", "DELETE"]);
      const text = `${method} /api/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${fields.join("")}\r\n`;
      const response = await sendText(port, text).catch(() => undefined);
      const shown = [seed, round, text];
      expect([...shown, response?.headers["x-cognito-username"]]).toEqual([...shown, undefined]);
      if (method !== "GET") expect([...shown, response?.status]).not.toEqual([...shown, 200]);
    }
    expect(decisions.length).toBeGreaterThan(100);
    expect(await send(port, { headers: bearer(token) })).toMatchObject({ headers: { "x-cognito-username": "alice" } });
  });

  test("keeps connections, and ends them once it drains", async () => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => (received += chunk));
    const ask = async () => {
      received = "";
      socket.write("GET /api/x HTTP/1.1\r\nhost: x\r\n\r\n");
      while (!received.includes("\r\n\r\n")) await new Promise((resolve) => setTimeout(resolve, 1));
      return received.toLowerCase();
    };
    for (let request = 0; request < 3; request += 1) expect(await ask()).toContain("connection: keep-alive");
    server.drain();
    const ended = new Promise((resolve) => socket.once("end", resolve));
    expect(await ask()).toContain("connection: close");
    await ended;
    expect(await send(port, { path: "/health-check" })).toMatchObject({ status: 503 });
    expect(await send(port, { headers: bearer(pool.token("alice")) })).toMatchObject({ status: 200 });
  });
});
