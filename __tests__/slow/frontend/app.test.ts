/**
 * An app with what the team's has (its own nginx.conf and ignore file, styles within SVG components, pictures from elsewhere,
 * traces, a socket, handles that look like files) in the frontend's image, in a real browser: nothing is refused by the policy,
 * and nothing looks different from the same pages without it.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { type BuiltApp, buildApp } from "../../support/built-app";
import { certificate } from "../../support/certificate";
import { chromium } from "../../support/chromium";
import { type LocalNginx, startConfigured } from "../../support/nginx";
import { acceptSocket } from "../../support/websocket";

const minute = 60_000;
const domain = "cruddur.example.com";
const folder = mkdtempSync(join(tmpdir(), "app-"));
let built: BuiltApp;
let site: LocalNginx;
let withoutPolicy: LocalNginx;
let others: Server;
/** `HOST PATH` of each request to api., assets. and otel-collector. */
const asked: string[] = [];
let browser: Browser;

async function startOthers(): Promise<Server> {
  const server = createServer(await certificate(folder, `*.${domain}`), (request, response) => {
    const { host = "", origin = "" } = request.headers;
    if (request.method !== "OPTIONS") asked.push(`${host} ${request.url}`);
    response.setHeader("access-control-allow-origin", origin || "*");
    response.setHeader("access-control-allow-headers", "content-type,traceparent,tracestate");
    // A beacon, by which traces are sent, carries credentials.
    response.setHeader("access-control-allow-credentials", "true");
    if (!host.startsWith("assets.")) return response.end("answered");
    response.setHeader("content-type", "image/svg+xml");
    return response.end(
      '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="green"/></svg>',
    );
  });
  server.on("upgrade", (request, socket) => {
    asked.push(`${request.headers.host} ${request.url}`);
    acceptSocket(request, socket, "live");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** A site of the image's files. */
function serve(name: string, configuration: string): Promise<LocalNginx> {
  const own = join(folder, name);
  cpSync(built.html, join(own, "html"), { recursive: true });
  return startConfigured(own, configuration);
}

beforeAll(async () => {
  built = await buildApp(folder, domain, { ".env.production.local": "REACT_APP_TITLE=of somebody's laptop\n" });
  if (built.result.exitCode !== 0) throw new Error(built.result.stderr);
  site = await serve("site", built.configuration);
  withoutPolicy = await serve("without", built.configuration.replace(/^.*Content-Security-Policy.*$/m, ""));
  others = await startOthers();
  const { port } = others.address() as AddressInfo;
  browser = await puppeteer.launch({
    ...chromium,
    args: [
      ...chromium.args,
      `--host-resolver-rules=MAP *.${domain}:443 127.0.0.1:${port}`,
      "--ignore-certificate-errors",
    ],
  });
}, 5 * minute);

afterAll(async () => {
  await browser?.close();
  others?.closeAllConnections();
  others?.close();
  await withoutPolicy?.stop();
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the image has the project's configuration, and the build says that the app's isn't used", () => {
  expect(built.configuration).toContain("Content-Security-Policy");
  expect(built.configuration).not.toContain("The app's own");
  expect(built.result.stderr).toContain("NOTE: nginx.conf of the app is not used");
});

test("the bundle has the app's own variables, but for those that the image is built with", () => {
  const [script = ""] = readdirSync(join(built.html, "static/js")).filter((name) => name.endsWith(".js"));
  const text = readFileSync(join(built.html, "static/js", script), "utf8");
  expect(text).toContain("Cruddur of the team");
  expect(text).toContain(`https://api.${domain}`);
  expect(text).not.toContain("elsewhere.example.com");
  expect(text).not.toContain("of somebody's laptop");
});

interface Opened {
  readonly page: Page;
  readonly heading: string;
  readonly complaints: readonly string[];
  readonly picture: string;
}

async function open(url: string): Promise<Opened> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  await page.exposeFunction("complain", (text: string) => complaints.push(text));
  await page.evaluateOnNewDocument(
    'document.addEventListener("securitypolicyviolation", (event) => complain(event.violatedDirective + " " + event.blockedURI));',
  );
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  const isThere = 'document.getElementById("seen")?.textContent === "answered, live"';
  await page.waitForFunction(`${isThere} && [...document.images].every(({ complete }) => complete)`);
  await page.waitForNetworkIdle({ idleTime: 300 });
  const heading = String(await page.evaluate('document.querySelector("h1").textContent'));
  return { page, heading, complaints, picture: Buffer.from(await page.screenshot()).toString("base64") };
}

test.each([
  ["/", "home"],
  ["/notifications", "notifications"],
  ["/signin", "sign in"],
  ["/@bob", "user @bob"],
  ["/@node.js", "user @node.js"],
  ["/@handle.name", "user @handle.name"],
  ["/messages", "messages"],
  ["/messages/@photo.png", "messages with @photo.png"],
  ["/messages/new/bob", "new message to bob"],
  ["/messages/new/robots.txt", "new message to robots.txt"],
])(
  "%s opens, and looks as it does without the policy",
  async (path, heading) => {
    asked.length = 0;
    const [with_, without] = [await open(site.url + path), await open(withoutPolicy.url + path)];
    expect([with_.heading, with_.complaints]).toEqual([heading, []]);
    expect([without.heading, without.complaints]).toEqual([heading, []]);
    expect(with_.picture === without.picture).toBe(true);
    for (const page of [with_.page, without.page]) await page.close();
    expect(new Set(asked)).toEqual(
      new Set([
        `api.${domain} /api/activities/home`,
        `api.${domain} /api/live`,
        `assets.${domain} /avatars/data.jpg`,
        `assets.${domain} /banners/banner.jpg`,
        `otel-collector.${domain} /v1/traces`,
      ]),
    );
  },
  minute,
);

test(
  "the comparison sees what a stricter policy does",
  async () => {
    const strict = built.configuration.replace("style-src 'self' 'unsafe-inline'; ", "");
    const strictSite = await serve("strict", strict);
    try {
      const [with_, without] = [await open(strictSite.url), await open(withoutPolicy.url)];
      expect(with_.complaints.join("\n")).toContain("style-src");
      expect(with_.picture === without.picture).toBe(false);
    } finally {
      await strictSite.stop();
    }
  },
  minute,
);
