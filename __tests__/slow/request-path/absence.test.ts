/** What still works, and what is refused, while the authorizer or the keys are away: the last table of the document. */
import { createServer, type Server, type Socket } from "node:net";
import { UserPool } from "../../../local/cognito/user-pool";
import { documentedTable } from "../../support/documented-tables";
import { type LocalRequestPath, modes, outcome, startRequestPath } from "../../support/request-path";

const table = documentedTable("When something fails");
const rows = (prefix: string) => [...table].filter(([name]) => name.startsWith(prefix));

/** The outcomes in the order of the table's columns. */
async function measured(path: LocalRequestPath): Promise<string[]> {
  const headers = [["Authorization", `Bearer ${path.pool.token("alice")}`] as const];
  const preflight = [
    ["Origin", "https://cruddur.example.com"] as const,
    ["Access-Control-Request-Method", "POST"] as const,
  ];
  const outcomes: string[] = [];
  for (const request of [
    {},
    { headers },
    { method: "POST", headers },
    { method: "POST" },
    { path: "/api/health-check", headers },
    { method: "OPTIONS", headers: [...headers, ...preflight] },
  ]) {
    const answer = await path.send(request);
    outcomes.push(answer.milliseconds < 1000 ? outcome(answer) : `${outcome(answer)} after ${answer.milliseconds} ms`);
  }
  return outcomes;
}

describe("ext_authz", () => {
  const respond = (head: string) => (socket: Socket) =>
    socket.on("data", () => socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`));
  const behaviours: Readonly<Record<string, (socket: Socket) => void>> = {
    "it doesn't answer": () => {},
    "it answers a byte now and then": (socket) => {
      const timer = setInterval(() => socket.write("H"), 100);
      socket.on("close", () => clearInterval(timer));
    },
    "it answers what isn't HTTP": (socket) => socket.on("data", () => socket.write("\u0000\u0001 200 OK\r\n\r\n")),
    "it closes each connection": (socket) => socket.on("data", () => socket.destroy()),
    "it answers 204": respond("204 No Content\r\nx-cognito-username: victim"),
    "it answers 302": respond("302 Found\r\nlocation: https://elsewhere.example\r\nx-cognito-username: victim"),
    "it answers 404": respond("404 Not Found\r\nx-cognito-username: victim"),
    "it answers 500": respond("500 Internal Server Error\r\nx-cognito-username: victim"),
    "it answers 200 and names no user": respond("200 OK"),
    "it answers 200 and an empty name": respond("200 OK\r\nx-cognito-username: "),
    "it answers 200 and other headers": respond(
      "200 OK\r\nx-cognito-user: victim\r\nx_cognito_username: victim\r\nx-admin: true\r\nhost: elsewhere.example\r\n" +
        "x-original-url: /api/admin\r\nauthorization: Basic eDp5\r\nx-envoy-auth-headers-to-remove: x-request-id",
    ),
  };
  let standIn: Server;
  let path: LocalRequestPath;
  let behaviour: (socket: Socket) => void = () => {};
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    standIn = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
      behaviour(socket);
    });
    await new Promise<void>((resolve) => standIn.listen(0, "127.0.0.1", resolve));
    const address = standIn.address();
    path = await startRequestPath("ext_authz", { authzPort: typeof address === "object" ? address?.port : 0 });
  }, 200_000);
  afterAll(async () => {
    await path?.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => standIn.close(resolve));
  });

  const tried = ["the authorizer is down", ...Object.keys(behaviours), "its keys were never there"];

  test("the table has a row for each fault that is tried, and the other way round", () => {
    expect(rows("ext_authz").map(([name]) => name)).toEqual(tried.map((name) => `ext_authz: ${name}`));
  });

  test.each(Object.entries(behaviours))("%s", async (name, faulty) => {
    behaviour = faulty;
    // Those of the behaviour before.
    for (const socket of sockets) socket.destroy();
    expect(await measured(path)).toEqual(table.get(`ext_authz: ${name}`));
  });

  test("of what it answers nothing but the user's name reaches the app", async () => {
    const { headers: asked } = (await path.send()).seen[0] ?? {};
    behaviour = behaviours["it answers 200 and other headers"] ?? behaviour;
    for (const socket of sockets) socket.destroy();
    const token = ["Authorization", `Bearer ${path.pool.token("alice")}`] as const;
    const { seen } = await path.send({ headers: [token] });
    expect(seen[0]).toMatchObject({ url: "/api/activities/home", headers: { host: ["api.cruddur.example.com"] } });
    const names = Object.keys(seen[0]?.headers ?? {}).filter((name) => name !== "x-request-id");
    const expected = [...Object.keys(asked ?? {}), "authorization"].filter((name) => name !== "x-request-id");
    expect(names.sort()).toEqual(expected.sort());
    expect(seen[0]?.headers.authorization).toEqual([token[1]]);
  });

  test("a denial's headers and body are Envoy's, whatever it answers", async () => {
    behaviour = (socket) =>
      socket.on("data", () =>
        socket.write("HTTP/1.1 401 No\r\nset-cookie: a=b\r\nx-secret: 1\r\ncontent-length: 4\r\n\r\ntext"),
      );
    for (const socket of sockets) socket.destroy();
    const headers = [["Authorization", `Bearer ${path.pool.token("alice")}`] as const];
    const answer = await path.send({ method: "POST", headers });
    expect([answer.status, JSON.parse(answer.body).status]).toEqual([401, 401]);
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(["set-cookie"]));
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(["x-secret"]));
  });

  test("the authorizer is down", async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => standIn.close(resolve));
    expect(await measured(path)).toEqual(table.get("ext_authz: the authorizer is down"));
  });

  test("its keys were never there", async () => {
    const pool = new UserPool();
    await pool.serve();
    await pool.away();
    const keyless = await startRequestPath("ext_authz", { pool, healthy: false });
    try {
      expect(await measured(keyless)).toEqual(table.get("ext_authz: its keys were never there"));
    } finally {
      await keyless.stop();
    }
  }, 60_000);
});

describe("jwt_authn", () => {
  test.each([
    ["the keys were never there", async (pool: UserPool) => void (await pool.away())],
    ["the keys are no key set", async (pool: UserPool) => pool.publish()],
  ])(
    "%s",
    async (name, spoil) => {
      const pool = new UserPool();
      const [key] = [pool.signingKey];
      await pool.serve();
      await spoil(pool);
      const path = await startRequestPath("jwt_authn", { pool });
      try {
        const signing = { token: (user: string) => pool.token(user, { key }) };
        expect(await measured({ ...path, pool: signing as UserPool })).toEqual(table.get(`jwt_authn: ${name}`));
      } finally {
        await path.stop();
        await pool.stop();
      }
    },
    60_000,
  );

  test("the table has a row for each fault that is tried, and the other way round", () => {
    expect(rows("jwt_authn")).toHaveLength(2);
  });
});

test.each(modes)(
  "%s: the keys were there and are away now",
  async (mode) => {
    const pool = new UserPool();
    await pool.serve();
    const path = await startRequestPath(mode, { pool, jwksRefreshSeconds: 1 });
    try {
      await pool.away();
      // Beyond a refresh, which fails.
      await path.stats(
        (figures) => mode === "ext_authz" || (figures["http.ingress.jwt_authn.jwks_fetch_failed"] ?? 0) > 0,
      );
      expect(await measured(path)).toEqual(table.get("both: the keys were there and are away now"));
    } finally {
      await path.stop();
      await pool.stop();
    }
  },
  60_000,
);
