/** Whose traces reach Honeycomb: the tables of docs/traces.md, against a real collector. */
import { gzipSync } from "node:zlib";
import { documentedTable } from "../../support/documented-tables";
import type { RawRequest } from "../../support/raw-http";
import { key, type LocalTracePath, startTracePath, trace } from "../../support/traces";

let path: LocalTracePath;
beforeAll(async () => {
  path = await startTracePath();
}, 1_200_000);
afterAll(() => path?.stop());

const asJson = ["Content-Type", "application/json"] as const;
const from = (origin: string) => ["Origin", origin] as const;

/** What a browser does for a page that sends JSON: it asks first, and sends only where it may. @returns whether it did */
async function browserSends(origin: string, body: string): Promise<boolean> {
  const asking = [
    ["Access-Control-Request-Method", "POST"] as const,
    ["Access-Control-Request-Headers", "content-type"] as const,
  ];
  const preflight = await path.send({ method: "OPTIONS", headers: [from(origin), ...asking] });
  expect(preflight.status).toBe(204);
  if (preflight.headers["access-control-allow-origin"] !== origin) {
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    return false;
  }
  // `navigator.sendBeacon`, with which a page that is being left sends its last spans, sends credentials.
  expect(preflight.headers).toMatchObject({
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "content-type",
    "access-control-allow-methods": "POST",
    "access-control-max-age": "7200",
    vary: expect.stringContaining("Origin"),
  });
  const response = await path.send({ headers: [from(origin), asJson], body });
  expect([response.status, response.headers["access-control-allow-origin"]]).toEqual([200, origin]);
  return true;
}

test.each([...documentedTable("Who may send", "traces.md")])("a page of %s", async (origin, [may]) => {
  const { name, json } = trace(`page of ${origin}`);
  expect(await browserSends(origin, json)).toBe(may === "yes");
  if (may === "yes") await path.arrived([name]);
});

test.each([...documentedTable("Headers that a page may add", "traces.md")])(
  "a page's header %s",
  async (name, [may]) => {
    const headers = [from("https://cruddur.example.com"), ["Access-Control-Request-Method", "POST"] as const];
    // As browsers ask: each once, sorted.
    const names = [...new Set(["content-type", name.toLowerCase()])].sort();
    const asked = ["Access-Control-Request-Headers", names.join(",")] as const;
    const preflight = await path.send({ method: "OPTIONS", headers: [...headers, asked] });
    expect(preflight.headers["access-control-allow-origin"] !== undefined).toBe(may === "yes");
  },
);

test("what arrives is the trace that was sent, with the key, in one gzipped protobuf message", async () => {
  const sent = trace("GET /api/activities/home");
  await browserSends("https://cruddur.example.com", sent.json);
  await path.arrived([sent.name]);
  const received = path.honeycomb.exports.find(({ spans }) => spans.some(({ name }) => name === sent.name));
  expect(received).toMatchObject({
    path: "/v1/traces",
    contentType: "application/x-protobuf",
    encoding: "gzip",
    key,
    spans: expect.arrayContaining([{ traceId: sent.traceId, spanId: sent.spanId, name: sent.name }]),
  });
});

const tooMuch = 2 * 1024 * 1024;
const gzipped = (text: string) => gzipSync(text).toString("latin1");
const compressed = [asJson, ["Content-Encoding", "gzip"]] as const;

/** By the table's names; each with a trace of that name, where it has one at all. */
const requests: Readonly<Record<string, (json: string) => RawRequest>> = {
  "JSON, of no origin": (body) => ({ headers: [asJson], body }),
  "JSON, compressed": (json) => ({ headers: compressed, body: gzipped(json) }),
  "JSON, of a foreign origin that asked for no preflight": (body) => ({
    headers: [asJson, from("https://evil.example")],
    body,
  }),
  "JSON as text/plain": (body) => ({ headers: [["Content-Type", "text/plain"]], body }),
  "JSON as a form": (body) => ({ headers: [["Content-Type", "application/x-www-form-urlencoded"]], body }),
  "JSON as nothing": (body) => ({ body }),
  "not JSON": (json) => ({ headers: [asJson], body: json.slice(0, -1) }),
  "JSON of something else": (json) => ({ headers: [asJson], body: json.replace(/"traceId":"\w+"/, '"traceId":"me"') }),
  "not protobuf": (body) => ({ headers: [["Content-Type", "application/x-protobuf"]], body }),
  "more than 2 MiB": (json) => ({ headers: [asJson], body: json.padEnd(tooMuch + 1) }),
  "more than 2 MiB, once decompressed": (json) => ({ headers: compressed, body: gzipped(json.padEnd(tooMuch + 1)) }),
  GET: () => ({ method: "GET", headers: [asJson] }),
  metrics: (body) => ({ path: "/v1/metrics", headers: [asJson], body }),
  logs: (body) => ({ path: "/v1/logs", headers: [asJson], body }),
};
const documented = documentedTable("What is answered", "traces.md");

test("the table has a row for each request that is tried, and the other way round", () => {
  expect([...documented.keys()]).toEqual(Object.keys(requests));
});

test.each(Object.entries(requests))("%s", async (what, request) => {
  const [status, arrives] = documented.get(what) ?? [];
  const { name, json } = trace(what);
  const response = await path.send(request(json));
  expect(String(response.status)).toBe(status);
  expect(response.headers["access-control-allow-origin"]).toBeUndefined();
  if (arrives === "yes") await path.arrived([name]);
});

test("of what was refused nothing has arrived", async () => {
  // What was sent after it has: so had it, if it were to.
  const last = trace("the last one");
  await path.send({ headers: [asJson], body: last.json });
  await path.arrived([last.name]);
  const arrivals = Object.keys(requests).filter((what) => documented.get(what)?.[1] === "yes");
  expect(path.honeycomb.spanNames.filter((name) => name in requests)).toEqual(arrivals);
});

test("after all that it is well, and has said nothing", async () => {
  expect((await fetch(`http://127.0.0.1:${path.collector.healthCheckPort}/`)).status).toBe(200);
  expect(path.collector.output()).toBe("");
});
