/** Requests that no client library would send, through Envoy: whatever they are, nobody becomes somebody. */
import { usernameHeader } from "../../../services/request-path";
import { Random } from "../../support/random";
import { sendText } from "../../support/raw-http";
import { type LocalRequestPath, modes, startRequestPath } from "../../support/request-path";

const requests = 2000;
const atOnce = 30;
/** What isn't a whole request gets no answer: Envoy waits for its rest. */
const answerLimitMs = 300;

function either(random: Random, text: string): string {
  return [...text].map((letter) => (random.below(3) === 0 ? letter.toUpperCase() : letter)).join("");
}

function sometimes(random: Random, usual: string, others: readonly string[]): string {
  return random.below(12) === 0 ? random.one(others) : usual;
}

/** A header line about a name that an app might trust, or about the framing of the request. */
function header(random: Random, token: string): string {
  const odd = () => sometimes(random, "", [" ", "\t", "\u0000", "\u000b", "\u00a0", "\u00ff", "é"]);
  const identity = either(random, usernameHeader).replaceAll("-", () =>
    random.one(["-", "-", "-", "_", ".", " ", "--"]),
  );
  const bearers = [
    `Bearer ${token}`,
    `Bearer ${token}`,
    `Bearer ${token}`,
    `bearer  ${token}`,
    `Bearer ${token.slice(0, -random.below(400))}`,
    `Bearer ${token.slice(0, random.below(token.length))}${random.one(["A", ".", "=", "-", ",", " "])}${token.slice(5)}`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer\u0020\u0009${token}`,
    "Bearer undefined",
    "Bearer a.b.c",
    random.text(60, () => String.fromCharCode(random.below(256))).replace(/[\r\n]/g, ""),
  ];
  const end = sometimes(random, "\r\n", ["\n", "\r\n \r\n", "\r"]);
  const separator = sometimes(random, ": ", [":", " : ", ":\t", "=", ""]);
  const line = random.one([
    () => `${odd()}${identity}${odd()}${separator}victim`,
    () => `${usernameHeader}:victim`,
    () => `x: 1\r\n ${usernameHeader}: victim`,
    () => `Connection: ${random.one(["keep-alive", usernameHeader, "upgrade", "close, te"])}`,
    () => `Transfer-Encoding: ${random.one(["chunked", "identity", "chunked, identity", "xchunked", "\u000bchunked"])}`,
    () => `Content-Length: ${random.one(["0", "5", "+5", "0x5", "5, 5", "-1"])}`,
    () => `Trailer: ${usernameHeader}`,
    () => `Upgrade: ${random.one(["h2c", "websocket"])}`,
    () => `Expect: 100-continue`,
    () => `X-HTTP-Method-Override: POST`,
    () => `Origin: https://cruddur.example.com`,
    () => `Access-Control-Request-Method: POST`,
    () => `${either(random, "authorization")}: Bearer ${token}`,
    () => `${either(random, "authorization")}${separator}${random.one(bearers)}`,
    () => `${either(random, "authorization")}: ${random.one(bearers)}`,
  ])();
  return line + end;
}

function request(random: Random, token: string, number: number): string {
  const method = random.one([
    "GET",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "get",
    "PoSt",
    "TRACE",
    "X",
    "CONNECT",
  ]);
  const path = random.one([
    "/api/a",
    "/api/health-check",
    "/api/health-check/../a",
    "//api//a",
    "/api/%61",
    "/x/../api/a",
    "http://elsewhere.example/api/a",
    "/api/a\u00ff",
  ]);
  const query = `?${usernameHeader}=victim&number=${number}`;
  const version = sometimes(random, "HTTP/1.1", ["HTTP/1.0", "HTTP/2.0", "HTTP/1.1 "]);
  const headers = random.text(5, () => header(random, token));
  const body = random.one([
    "",
    "",
    "hello",
    `5\r\nhello\r\n0\r\n${usernameHeader}: victim\r\n\r\n`,
    `0\r\n\r\nGET /api/b?number=${number} HTTP/1.1\r\nHost: a\r\n${usernameHeader}: victim\r\n\r\n`,
  ]);
  return `${method} ${path}${query} ${version}\r\nHost: api.cruddur.example.com\r\n${headers}\r\n${body}`;
}

/** As WSGI folds a name. */
const folded = (name: string) => name.toLowerCase().replaceAll("_", "-");

describe.each(modes)("%s", (mode) => {
  let path: LocalRequestPath;
  beforeAll(async () => {
    path = await startRequestPath(mode);
  }, 200_000);
  afterAll(() => path?.stop());

  test(`of ${requests} requests none reaches the app as another than who signed in`, async () => {
    const seed = Date.now() % 2 ** 31;
    const random = new Random(seed);
    const token = path.pool.token("alice");
    const statuses = new Set<number>();
    let reached = 0;
    let asAlice = 0;
    const texts = Array.from({ length: requests }, (_value, number) => request(random, token, number));
    for (let first = 0; first < requests; first += atOnce) {
      path.backend.seen.length = 0;
      const answers = texts
        .slice(first, first + atOnce)
        .map((text) => sendText(path.envoy.port, text, answerLimitMs).catch(() => undefined));
      for (const answer of await Promise.all(answers)) statuses.add(answer?.status ?? 0);
      for (const { method, url, headers } of path.backend.seen) {
        const text = texts[Number(/number=(\d+)/.exec(url)?.[1])] ?? "";
        const users = Object.entries(headers).flatMap(([name, values]) =>
          folded(name) === usernameHeader ? values : [],
        );
        const verified = users.length === 1 && users[0] === "alice" && text.includes(token);
        const reading = ["GET", "HEAD", "OPTIONS"].includes(method) && users.length === 0;
        const wellFormed = url.startsWith("/api") && !Object.keys(headers).some((name) => name.includes("_"));
        if (!(verified || reading) || !wellFormed) {
          throw new Error(
            `seed ${seed}, request ${JSON.stringify(text)} came as ${JSON.stringify({ method, url, headers })}`,
          );
        }
        reached += 1;
        asAlice += verified ? 1 : 0;
      }
    }
    // It was not refused wholesale.
    expect(reached).toBeGreaterThan(requests / 10);
    expect(asAlice).toBeGreaterThan(requests / 50);
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401]));
    // And Envoy is well.
    expect((await path.send({ headers: [["Authorization", `Bearer ${token}`]] })).status).toBe(200);
  }, 120_000);
});
