/** Envoy towards clients that nobody knows, behind one load balancer. */
import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { runProcess } from "../../../lib/run-process";
import { ports } from "../../../services/names";
import { apiHealthCheckPath } from "../../../services/request-path";
import { envoy as envoyContainer } from "../../../services/sidecars/envoy";
import { sendText } from "../../support/raw-http";
import { type LocalRequestPath, modes, outcome, startRequestPath } from "../../support/request-path";

const pageOrigin = ["Origin", "https://cruddur.example.com"] as const;
/** What the load balancer adds. */
const fromClient = (address: string) => [
  ["X-Forwarded-For", address] as const,
  ["X-Forwarded-Proto", "https"] as const,
];

let path: LocalRequestPath;
let authorization: readonly [string, string];

beforeAll(async () => {
  path = await startRequestPath("jwt_authn");
  authorization = ["Authorization", `Bearer ${path.pool.token("alice")}`];
}, 200_000);
afterEach(() => path?.backend.reset());
afterAll(() => path?.stop());

/** A path of its own, whose configuration is changed so that a limit is quickly met. */
async function withChange(from: string, to: string, use: (changed: LocalRequestPath) => Promise<void>): Promise<void> {
  const edited = (yaml: string) => {
    if (!yaml.includes(from)) throw new Error(`The configuration has no "${from}"`);
    return yaml.replaceAll(from, to);
  };
  const changed = await startRequestPath("jwt_authn", { edited });
  try {
    await use(changed);
  } finally {
    await changed.stop();
  }
}

describe("paths", () => {
  test.each([
    ["/api", "/api"],
    ["/api/", "/api/"],
    ["/api/a?b=%2e%2e/x", "/api/a?b=%2e%2e/x"],
    ["/x/../api/a", "/api/a"],
    ["/api/./a//b", "/api/a/b"],
    ["/api/a\\b", "/api/a/b"],
    ["http://elsewhere.example/api/a", "/api/a"],
  ])("%s reaches the app as %s", async (sent, seen) => {
    expect((await path.send({ path: sent })).seen.map(({ url }) => url)).toEqual([seen]);
  });

  test.each([
    ["/", 404],
    ["/apiX", 404],
    ["/API/a", 404],
    ["/api;x/a", 404],
    ["/api/../x", 404],
    ["/api/%2e%2e/x", 404],
    ["/api/..\\x", 404],
    ["/api/a%2fb", 400],
    ["/api/a%5Cb", 400],
    ["/api/..%2fx", 400],
    ["/api/%00", 400],
    ["/api/a#b", 400],
    ["*", 400],
  ])("%s is %d", async (sent, status) => {
    expect(outcome(await path.send({ path: sent, headers: [authorization] }))).toBe(String(status));
  });
});

describe("limits", () => {
  test("a hundred headers", async () => {
    const headers = Array.from({ length: 110 }, (_value, index) => [`x-${index}`, "1"] as const);
    expect(outcome(await path.send({ headers }))).toBe("431");
    expect(outcome(await path.send({ headers: headers.slice(0, 80) }))).toBe("200 nobody");
  });

  test("time for the headers, and for the whole request", async () => {
    await withChange("request_headers_timeout: 10s", "request_headers_timeout: 0.3s", async ({ envoy }) => {
      expect((await sendText(envoy.port, "GET /api/a HTTP/1.1\r\nhost: a\r\n")).status).toBe(408);
    });
    await withChange("request_timeout: 60s", "request_timeout: 0.3s", async ({ envoy, backend, pool }) => {
      backend.answer = (request, response) => void request.on("end", () => response.end());
      const head = `POST /api/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${pool.token("a")}\r\ncontent-length: 9\r\n`;
      expect((await sendText(envoy.port, `${head}\r\nhalf`)).status).toBe(408);
    });
  }, 60_000);

  test("time for the app's answer", async () => {
    await withChange("timeout: 30s", "timeout: 0.3s", async (changed) => {
      changed.backend.answer = () => {};
      const { status, headers, milliseconds } = await changed.send();
      expect([status, headers["access-control-allow-origin"]]).toEqual([504, "*"]);
      expect(milliseconds).toBeLessThan(5000);
    });
  }, 60_000);

  test("connections", async () => {
    await withChange(
      "max_active_downstream_connections: 1000",
      "max_active_downstream_connections: 3",
      async (changed) => {
        const open: Socket[] = [];
        const refused = () => open.filter((socket) => socket.closed).length;
        for (let count = 0; count < 6; count += 1) {
          open.push(
            connect(changed.envoy.port, "127.0.0.1")
              .on("error", () => {})
              .resume(),
          );
        }
        await changed.stats(() => refused() === 3);
        for (const socket of open) socket.destroy();
      },
    );
  }, 60_000);

  test("requests that wait for the app", async () => {
    const few = (yaml: string) =>
      yaml
        .replaceAll("max_connections: 256", "max_connections: 1")
        .replaceAll("max_pending_requests: 256", "max_pending_requests: 1");
    const changed = await startRequestPath("jwt_authn", { edited: few });
    try {
      const waiting: (() => void)[] = [];
      changed.backend.answer = (_request, response) => void waiting.push(() => response.end());
      const first = changed.send();
      await changed.stats((figures) => figures["cluster.backend-flask.upstream_rq_active"] === 1);
      const second = changed.send();
      await changed.stats((figures) => figures["cluster.backend-flask.upstream_rq_pending_active"] === 1);
      const third = await changed.send();
      expect([third.status, third.milliseconds < 1000]).toEqual([503, true]);
      expect((await changed.logged(third)).flags).toContain("UO");
      changed.backend.answer = (_request, response) => void response.end();
      for (const answer of waiting) answer();
      expect([(await first).status, (await second).status]).toEqual([200, 200]);
    } finally {
      await changed.stop();
    }
  }, 60_000);

  test("memory: near its limit requests are refused, and Envoy lives", async () => {
    await withChange(
      `max_heap_size_bytes: ${256 * 1024 * 1024}`,
      `max_heap_size_bytes: ${1024 * 1024}`,
      async (changed) => {
        await changed.stats(
          (figures) => figures["overload.envoy.overload_actions.stop_accepting_requests.active"] === 1,
        );
        expect(outcome(await changed.send())).toBe("503");
        const healthy = await changed.stats(() => true);
        expect(healthy["server.live"]).toBe(1);
      },
    );
  }, 60_000);
});

describe("retries", () => {
  test.each([
    ["GET", 200, 3],
    ["PUT", 200, 3],
    ["DELETE", 200, 3],
    ["POST", 503, 1],
    ["PATCH", 503, 1],
  ])("a %s that the app drops twice is %d, tried %d times", async (method, status, tries) => {
    let dropped = 0;
    path.backend.answer = (request, response) => {
      dropped += 1;
      if (dropped <= 2) request.socket.destroy();
      else response.end();
    };
    const answer = await path.send({ method, headers: [authorization] });
    expect([answer.status, answer.seen.length]).toEqual([status, tries]);
    expect(answer.seen.every(({ headers }) => headers["x-cognito-username"]?.join() === "alice")).toBe(true);
  });

  test.each([500, 503])("an answer of the app is no reason: %d", async (status) => {
    path.backend.answer = (_request, response) => void response.writeHead(status).end();
    const answer = await path.send();
    expect([answer.status, answer.seen.length]).toEqual([status, 1]);
  });
});

describe("an answer that isn't HTTP", () => {
  const malformed: Readonly<Record<string, string>> = {
    "no status line": "what is this\r\n\r\n",
    "a header without a name": "HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n",
    "two lengths": "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
  };
  test.each(Object.entries(malformed))("%s: tried as a connection that breaks", async (_what, text) => {
    for (const [method, tries] of [
      ["GET", 3],
      ["POST", 1],
    ] as const) {
      path.backend.answer = (request) => void request.socket.end(text);
      const { status, seen } = await path.send({ method, headers: [authorization] });
      expect([method, status, seen.length]).toEqual([method, 502, tries]);
    }
  });

  test("an answer that goes wrong in its body is tried no more", async () => {
    let tries = 0;
    path.backend.answer = (request) => {
      tries += 1;
      request.socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n");
    };
    await expect(path.send()).rejects.toThrow(/No whole response but "HTTP\/1.1 200 OK/);
    expect(tries).toBe(1);
  });
});

describe("an offer of another protocol", () => {
  const offer = (protocol: string) => [["Connection", "Upgrade"] as const, ["Upgrade", protocol] as const];
  test.each([
    "TLS/1.2",
    "tls/1.3",
    "TLS/1.2, TLS/1.3",
    "HTTP/3.0",
    "IRC/6.9",
    "x",
    "webspcket",
    "websocketx",
    "websocke",
  ])("%s is ignored: the request goes on as it is, without it", async (protocol) => {
    const body = { method: "POST", body: "abc" };
    expect(outcome(await path.send({ headers: offer(protocol) }))).toBe("200 nobody");
    expect(outcome(await path.send({ ...body, headers: offer(protocol) }))).toBe("401");
    const answer = await path.send({ ...body, headers: [authorization, ...offer(protocol)] });
    expect(outcome(answer)).toBe("200 alice");
    expect(answer.seen[0]?.headers).not.toHaveProperty("upgrade");
    expect(answer.seen[0]?.headers.connection?.join() ?? "").not.toMatch(/upgrade/i);
  });

  test("h2c too, with what belongs to it", async () => {
    const headers = [["Connection", "Upgrade, HTTP2-Settings"] as const, ["Upgrade", "h2c"] as const];
    const answer = await path.send({ headers: [...headers, ["HTTP2-Settings", "AAMAAABkAAQAAP__"]] });
    expect(outcome(answer)).toBe("200 nobody");
    expect(answer.seen[0]?.headers).not.toHaveProperty("http2-settings");
  });

  test.each(["websocket", "WebSocket", "TLS/1.2, websocket"])(
    "%s is refused, as nobody here speaks it",
    async (protocol) => {
      expect(outcome(await path.send({ headers: offer(protocol) }))).toBe("403");
      expect(outcome(await path.send({ headers: [authorization, ...offer(protocol)] }))).toBe("403");
    },
  );
});

describe("pages of another origin", () => {
  test("can read what Envoy answers itself", async () => {
    for (const [request, status] of [
      [{ method: "POST" }, 401],
      [{ path: "/x" }, 404],
    ] as const) {
      const answer = await path.send({ ...request, headers: [pageOrigin] });
      expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([status, "*"]);
      expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
      expect(JSON.parse(answer.body)).toEqual({ status, requestId: answer.headers["x-request-id"] });
    }
  });

  test("get the app's own rules in its answers, to a preflight too", async () => {
    path.backend.answer = (_request, response) =>
      void response.writeHead(204, { "access-control-allow-origin": "https://cruddur.example.com" }).end();
    const preflight = [pageOrigin, ["Access-Control-Request-Method", "POST"] as const];
    for (const request of [{ method: "OPTIONS", headers: preflight }, { headers: [pageOrigin] }]) {
      const { status, headers, seen } = await path.send(request);
      expect([status, headers["access-control-allow-origin"], seen.length]).toEqual([
        204,
        "https://cruddur.example.com",
        1,
      ]);
    }
  });
});

describe.each(modes)("denials in the mode %s", (mode) => {
  test.each([401, 403] as const)(
    "are %d by setting, with any token",
    async (denialStatus) => {
      const denying = await startRequestPath(mode, { denialStatus });
      try {
        const expired = `Bearer ${denying.pool.token("alice", { claims: { exp: 1 } })}`;
        for (const value of ["", "Bearer undefined", expired]) {
          const answer = await denying.send({ method: "POST", headers: [["Authorization", value], pageOrigin] });
          const { "www-authenticate": challenge, "access-control-allow-origin": readable } = answer.headers;
          expect([answer.status, challenge, readable, answer.seen]).toEqual([denialStatus, "Bearer", "*", []]);
          expect(JSON.parse(answer.body).status).toBe(denialStatus);
        }
      } finally {
        await denying.stop();
      }
    },
    60_000,
  );
});

describe("behind one load balancer", () => {
  test.each([
    ["198.51.100.7", "198.51.100.7"],
    ["10.0.0.1, 198.51.100.7", "198.51.100.7"],
    ["203.0.113.99, 10.9.9.9", "10.9.9.9"],
  ])("the client of X-Forwarded-For: %s is %s", async (value, client) => {
    const answer = await path.send({ headers: fromClient(value) });
    expect(answer.seen[0]?.headers["x-forwarded-proto"]).toEqual(["https"]);
    expect(answer.seen[0]?.headers["x-forwarded-for"]?.[0]).toMatch(`${value},`);
    expect(await path.logged(answer)).toMatchObject({ client });
  });

  test("a client's x-envoy-… headers do nothing, of a private address either", async () => {
    path.backend.answer = (_request, response) => void setTimeout(() => response.writeHead(503).end(), 100);
    const control = [
      ["x-envoy-upstream-rq-timeout-ms", "1"],
      ["x-envoy-retry-on", "5xx"],
      ["x-envoy-max-retries", "5"],
      ["x-envoy-internal", "true"],
    ] as const;
    // The last one comes past the load balancer, from the loopback interface.
    for (const address of ["198.51.100.7", "10.0.0.9", "127.0.0.1", undefined]) {
      const forwarded = address === undefined ? [] : fromClient(address);
      const { status, seen } = await path.send({ headers: [...forwarded, ...control] });
      expect([address, status, seen.length]).toEqual([address, 503, 1]);
      expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.startsWith("x-envoy-"))).toEqual([
        "x-envoy-external-address",
      ]);
    }
  });

  test("each request has an id of Envoy's, which app, client and log are told", async () => {
    const answer = await path.send({ headers: [...fromClient("198.51.100.7"), ["X-Request-Id", "mine"]] });
    const id = answer.headers["x-request-id"];
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(answer.seen[0]?.headers["x-request-id"]).toEqual([id]);
    expect(await path.logged(answer)).toMatchObject({ requestId: id });
  });
});

describe("the access log", () => {
  test("is JSON, without query, credentials and health checks", async () => {
    await path.send({ path: apiHealthCheckPath });
    const mark = "secret-in-the-query";
    const answer = await path.send({
      path: `/api/a?token=${mark}`,
      headers: [authorization, ["Cookie", `a=${mark}`], ["User-Agent", '"\n quoted'.replace("\n", "")]],
    });
    expect(await path.logged(answer)).toMatchObject({
      method: "GET",
      path: "/api/a",
      host: "api.cruddur.example.com",
      route: "user-idempotent",
      status: 200,
      details: "via_upstream",
      userAgent: '" quoted',
    });
    const output = path.envoy.output();
    const lines = output.split("\n").filter((line) => line.startsWith("{"));
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(output).not.toContain(mark);
    expect(output).not.toContain(authorization[1].slice(10));
    expect(output).not.toContain(`"path":"${apiHealthCheckPath}"`);
  });
});

describe("the admin interface", () => {
  test("passes the task definition's health check, and fails it while it drains", async () => {
    const check = (port: number) => {
      const command = envoyContainer.healthCheckCommand?.replace(String(ports.envoyAdmin), String(port)) ?? "false";
      return runProcess("sh", ["-c", command]);
    };
    expect((await check(path.envoy.adminPort)).exitCode).toBe(0);
    const draining = await startRequestPath("jwt_authn");
    try {
      const { adminPort } = draining.envoy;
      expect((await fetch(`http://127.0.0.1:${adminPort}/healthcheck/fail`, { method: "POST" })).status).toBe(200);
      expect((await check(adminPort)).exitCode).toBe(1);
      expect(outcome(await draining.send({ path: apiHealthCheckPath }))).toBe("503");
    } finally {
      await draining.stop();
    }
  }, 60_000);

  test("is on the loopback interface alone, without what ends Envoy or shows its configuration", async () => {
    const { adminPort, port } = path.envoy;
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4");
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${port}/api/a`)).resolves.toMatchObject({ status: 200 });
      await expect(fetch(`http://${address}:${adminPort}/ready`)).rejects.toThrow();
    }
    for (const name of ["quitquitquit", "config_dump", "logging", "runtime_modify"]) {
      expect((await fetch(`http://127.0.0.1:${adminPort}/${name}`, { method: "POST" })).status).toBe(403);
    }
  });
});
