/** The frontend's nginx, and its pages in a real browser. */
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import puppeteer, { type Browser } from "puppeteer-core";
import { runProcess } from "../../../lib/run-process";
import { frontendReactJs } from "../../../services/frontend-react-js";
import { chromium } from "../../support/chromium";
import { documentedRows } from "../../support/documented-tables";
import { type LocalNginx, startNginx } from "../../support/nginx";

const script = `
  document.getElementById("root").textContent = "at " + location.pathname;
  window.call = (url) => fetch(url).then((response) => response.text(), () => "refused");
  document.addEventListener("securitypolicyviolation", (event) => { window.violation = event.blockedURI + " " + event.effectiveDirective; });
`;
/** By the end of the name: the type, and whether it is compressed. */
const types: Readonly<Record<string, readonly [type: RegExp, compressed: boolean]>> = {
  js: [/^(text|application)\/javascript$/, true],
  mjs: [/^text\/javascript$/, true],
  css: [/^text\/css$/, true],
  map: [/^application\/json$/, true],
  json: [/^application\/json$/, true],
  webmanifest: [/^application\/manifest\+json$/, true],
  wasm: [/^application\/wasm$/, true],
  txt: [/^text\/plain$/, true],
  xml: [/^(text|application)\/xml$/, true],
  md: [/^text\/markdown$/, true],
  csv: [/^text\/csv$/, true],
  vtt: [/^text\/vtt$/, true],
  svg: [/^image\/svg\+xml$/, true],
  ico: [/^image\/(x-icon|vnd.microsoft.icon)$/, true],
  png: [/^image\/png$/, false],
  jpg: [/^image\/jpeg$/, false],
  gif: [/^image\/gif$/, false],
  webp: [/^image\/webp$/, false],
  avif: [/^image\/avif$/, false],
  woff: [/^font\/woff$/, false],
  woff2: [/^font\/woff2$/, false],
  ttf: [/^font\/ttf$/, true],
  otf: [/^font\/otf$/, true],
  mp4: [/^video\/mp4$/, false],
  webm: [/^video\/webm$/, false],
  mp3: [/^audio\/mpeg$/, false],
  pdf: [/^application\/pdf$/, false],
  gltf: [/^model\/gltf\+json$/, true],
};
const files = {
  ...Object.fromEntries(Object.keys(types).map((end) => [`files/file.${end}`, "x".padEnd(4000)])),
  "mod.mjs": 'export const answer = "imported";',
  ".well-known/apple-app-site-association": "{}",
  "@team/logo.js": "a file",
  "index.html": `<!doctype html><title>Cruddur</title><link rel="stylesheet" href="/static/css/main.0a1b2c3d.css"><div id="root"></div><script src="/static/js/main.0a1b2c3d.js"></script>${" ".repeat(2000)}`,
  "static/js/main.0a1b2c3d.js": script.padEnd(4000),
  "static/css/main.0a1b2c3d.css": "body { color: black }".padEnd(4000),
  "icon.ico": "icon",
  "manifest.json": "{}",
  ".env": "SECRET=1",
};

/** Answers every page of any origin. */
async function startOpenServer(): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.end("answered");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let nginx: LocalNginx;
let api: { server: Server; url: string };
let foreign: { server: Server; url: string };

beforeAll(async () => {
  api = await startOpenServer();
  foreign = await startOpenServer();
  nginx = await startNginx(files, {
    BACKEND_URL: api.url,
    AWS_REGION: "eu-central-1",
    AWS_USER_POOLS_ID: "eu-central-1_AbCdEf123",
    AWS_USER_POOLS_WEB_CLIENT_ID: "7lhlkkfbfb4q5kpp90urffao",
    OTEL_COLLECTOR_URL: "https://otel-collector.cruddur.example.com",
  });
}, 60_000);

afterAll(async () => {
  await nginx?.stop();
  for (const started of [api, foreign]) started?.server.close();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${nginx.url}${path}`, { headers });

test("nginx itself finds nothing wrong with the configuration", async () => {
  const { exitCode, stderr } = await runProcess("nginx", [
    "-t",
    "-q",
    "-p",
    nginx.folder,
    "-c",
    join(nginx.folder, "nginx.conf"),
  ]);
  expect([exitCode, stderr]).toEqual([0, ""]);
});

describe("where there is no such file", () => {
  const askers: readonly Record<string, string>[] = [
    { "sec-fetch-dest": "document", accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
    { "sec-fetch-dest": "script", accept: "*/*" },
    { accept: "*/*" },
  ];
  const rows = documentedRows("What nginx answers", "frontend.md").filter(([first = ""]) => first.startsWith("/"));
  const paths = rows.flatMap(([list = "", ...answers]) => list.split(", ").map((path) => [path, answers] as const));

  test("the table has rows", () => expect(paths.length).toBeGreaterThan(15));

  test.each(paths)("%s", async (path, answers) => {
    for (const [index, headers] of askers.entries()) {
      const { status, body } = await bytes(path, headers);
      const isPage = body.toString().includes('<div id="root">');
      expect([path, index, status, isPage]).toEqual([
        path,
        index,
        ...(answers[index] === "page" ? [200, true] : [404, false]),
      ]);
    }
  });

  test("a file that is there goes before", async () => {
    expect((await bytes("/@team/logo.js", {})).body.toString()).toBe("a file");
    const { headers, body } = await bytes("/.well-known/apple-app-site-association", {});
    expect([headers["content-type"], body.toString()]).toEqual(["application/json", "{}"]);
  });
});

test.each(Object.entries(types))("a file .%s is what it is", async (end, [type, compressed]) => {
  const { status, headers } = await bytes(`/files/file.${end}`, { "accept-encoding": "gzip" });
  expect([status, headers["content-type"], headers["content-encoding"]]).toEqual([
    200,
    expect.stringMatching(type),
    compressed ? "gzip" : undefined,
  ]);
});

test.each(["/", "/index.html", "/@handle.with.dots", "/messages/@bob", "/settings?tab=1", "/static"])(
  "%s is a page of the app",
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<div id="root">');
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(response.headers.get("cache-control")).toBe("no-cache");
  },
);

test.each(["/static/js/main.00000000.js", "/static/none", "/assets/none.css", "/none.png", "/.env", "/.git/config"])(
  "%s is not there, and nobody keeps that",
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('<div id="root">');
    expect(response.headers.get("cache-control")).toBe("no-cache");
  },
);

test("hashed files are kept for a year, others asked for again", async () => {
  for (const path of ["/static/js/main.0a1b2c3d.js", "/static/css/main.0a1b2c3d.css"]) {
    const { headers } = await get(path);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const again = await get(path, { "if-none-match": headers.get("etag") ?? "" });
    expect([again.status, again.headers.get("cache-control")]).toEqual([304, headers.get("cache-control")]);
  }
  for (const path of ["/icon.ico", "/manifest.json"]) {
    expect((await get(path)).headers.get("cache-control")).toBe("no-cache");
  }
});

test.each(["/", "/static/js/main.0a1b2c3d.js", "/static/none.js", "/icon.ico"])(
  "security headers on %s, each once",
  async (path) => {
    const { headers } = await get(path);
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'self'; connect-src 'self' ${api.url} ${api.url.replace("http", "ws")} https://otel-collector.cruddur.example.com https://cognito-idp.eu-central-1.amazonaws.com; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'`,
    );
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("server")).toBe("nginx");
  },
);

interface Bytes {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As it goes over the wire: `fetch` decompresses. */
function bytes(path: string, headers: Record<string, string> = {}): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const sent = request(`${nginx.url}${path}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
    });
    sent.once("error", reject).end();
  });
}

test.each(["/", "/static/js/main.0a1b2c3d.js", "/static/css/main.0a1b2c3d.css"])("%s is compressed", async (path) => {
  const compressed = await bytes(path, { "accept-encoding": "gzip", via: "1.1 proxy" });
  expect(compressed.headers).toMatchObject({ "content-encoding": "gzip", vary: "Accept-Encoding" });
  const plain = await bytes(path, {});
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(gunzipSync(compressed.body).toString()).toBe(plain.body.toString());
});

test("the health checks of target group and task definition pass", async () => {
  expect((await get(frontendReactJs.route?.healthCheckPath ?? "none")).status).toBe(200);
  const { port } = new URL(nginx.url);
  const [container] = frontendReactJs.containers;
  const command = (container.healthCheckCommand ?? "").replace("localhost:80", `localhost:${port}`);
  expect((await runProcess("sh", ["-c", command])).exitCode).toBe(0);
});

test("the log is JSON, without queries and health checks", async () => {
  const before = nginx.output().length;
  await get("/callback?code=s3cr3t", { authorization: "Bearer s3cr3t", "x-forwarded-for": '203.0.113.9"' });
  await get("/", { "user-agent": "ELB-HealthChecker/2.0" });
  await get("/last");
  const lines = nginx
    .output()
    .slice(before)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ path, status }) => [path, status])).toEqual([
    ["/callback", 200],
    ["/last", 200],
  ]);
  expect(lines[0].forwardedFor).toBe('203.0.113.9"');
  expect(nginx.output()).not.toContain("s3cr3t");
});

test("nothing but reading", async () => {
  const response = await fetch(`${nginx.url}/`, { method: "POST", body: "x" });
  expect(response.status).toBe(405);
});

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await puppeteer.launch(chromium);
  }, 60_000);
  afterAll(() => browser?.close());

  test("a deep link runs the app, which calls the API and nobody else", async () => {
    const page = await browser.newPage();
    await page.goto(`${nginx.url}/messages/@bob`);
    const evaluated = (text: string) => page.evaluate(text);
    expect(await evaluated('document.getElementById("root").textContent')).toBe("at /messages/@bob");
    expect(await evaluated("getComputedStyle(document.body).color")).toBe("rgb(0, 0, 0)");
    expect(await evaluated(`call(${JSON.stringify(api.url)})`)).toBe("answered");
    expect(await evaluated(`call(${JSON.stringify(foreign.url)})`)).toBe("refused");
    await page.waitForFunction("window.violation !== undefined");
    expect(await evaluated("window.violation")).toBe(`${foreign.url}/ connect-src`);
    await page.close();
  }, 60_000);

  test("a module is imported, and the policy lets in what apps embed", async () => {
    const page = await browser.newPage();
    await page.goto(nginx.url);
    expect(await page.evaluate('import("/mod.mjs").then(({ answer }) => answer)')).toBe("imported");
    await page.evaluate(`(async () => {
      // None of them is a font or a picture; what counts is that they are asked for.
      await new FontFace("f", "url(data:font/woff2;base64,AAAA)").load().catch(() => {});
      for (const src of ["data:image/png;base64,AAAA", URL.createObjectURL(new Blob(["x"]))]) {
        await new Promise((resolve) => Object.assign(new Image(), { src, onload: resolve, onerror: resolve }));
      }
      document.body.innerHTML += '<p style="color: rgb(1, 2, 3)">styled</p>';
    })()`);
    expect(await page.evaluate('[window.violation, getComputedStyle(document.querySelector("p")).color]')).toEqual([
      null,
      "rgb(1, 2, 3)",
    ]);
    await page.close();
  }, 60_000);

  test("no script within the page runs, and no other page frames it", async () => {
    const page = await browser.newPage();
    await page.goto(nginx.url);
    await page.evaluate(
      'document.body.append(Object.assign(document.createElement("script"), { textContent: "window.injected = true" }))',
    );
    await page.waitForFunction("window.violation !== undefined");
    expect(await page.evaluate("[window.injected, window.violation]")).toEqual([null, "inline script-src-elem"]);
    await page.close();
  }, 60_000);
});
