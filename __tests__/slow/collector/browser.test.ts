/** The same origins' rules, as a real browser keeps them. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, launch } from "puppeteer-core";
import { chromium } from "../../support/chromium";
import { type LocalTracePath, startTracePath, trace } from "../../support/traces";

let path: LocalTracePath;
let pages: Server;
let browser: Browser;

beforeAll(async () => {
  path = await startTracePath();
  pages = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end("<title>A page</title>");
  });
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const { port } = pages.address() as AddressInfo;
  const rules = [
    `MAP otel-collector.cruddur.example.com 127.0.0.1:${path.collector.otlpPort}`,
    `MAP cruddur.example.com 127.0.0.1:${port}`,
    `MAP evil.example 127.0.0.1:${port}`,
  ];
  browser = await launch({ ...chromium, args: [...chromium.args, `--host-resolver-rules=${rules.join(",")}`] });
}, 1_200_000);

afterAll(async () => {
  await browser?.close();
  pages?.close();
  await path?.stop();
});

/** What Node's types lack of a page's globals. */
interface BrowserGlobals {
  readonly navigator: { sendBeacon(url: string, data: Blob): boolean };
}

type Way = "fetch" | "beacon" | "beacon as text";

/** Sends from a page, in one of the ways in which OpenTelemetry's exporters do. @returns what the page sees of it */
async function sendFrom(origin: string, way: Way, body: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(`${origin}/`);
    const answered = page.waitForResponse(
      (response) => response.url().endsWith("/v1/traces") && response.request().method() === "POST",
    );
    answered.catch(() => {});
    const seen = await page.evaluate(
      async (how, text) => {
        const url = "http://otel-collector.cruddur.example.com/v1/traces";
        const { navigator } = globalThis as unknown as BrowserGlobals;
        const blob = (type: string) => new Blob([text], { type });
        if (how === "beacon") return String(navigator.sendBeacon(url, blob("application/json")));
        if (how === "beacon as text") return String(navigator.sendBeacon(url, blob("text/plain")));
        const headers = { "Content-Type": "application/json" };
        return fetch(url, { method: "POST", headers, body: text }).then(
          (response) => String(response.status),
          (error) => error.name,
        );
      },
      way,
      body,
    );
    if (way === "beacon as text") expect((await answered).status()).toBe(415);
    return seen;
  } finally {
    await page.close();
  }
}

const limit = 120_000;

test(
  "a page of the frontend sends, and so does one that is being left",
  async () => {
    const own = "http://cruddur.example.com";
    const [fetched, beacon] = [trace("fetched"), trace("by beacon")];
    expect(await sendFrom(own, "fetch", fetched.json)).toBe("200");
    expect(await sendFrom(own, "beacon", beacon.json)).toBe("true");
    await path.arrived([fetched.name, beacon.name]);
  },
  limit,
);

test(
  "a foreign page sends nothing, whichever way it tries",
  async () => {
    const foreign = "http://evil.example";
    expect(await sendFrom(foreign, "fetch", trace("evil: fetch").json)).toBe("TypeError");
    await sendFrom(foreign, "beacon", trace("evil: beacon").json);
    await sendFrom(foreign, "beacon as text", trace("evil: text").json);
    const last = trace("the last one");
    expect(await sendFrom("http://cruddur.example.com", "fetch", last.json)).toBe("200");
    await path.arrived([last.name]);
    expect(path.honeycomb.spanNames.filter((name) => name.startsWith("evil"))).toEqual([]);
  },
  limit,
);
