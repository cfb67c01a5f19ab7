/**
 * A page that uses the frontend's session as an app does, in a real Chromium: served by the frontend's nginx, with Cognito's
 * host name led to a stand-in, through the real Envoy and authorizer to an app that records who asks.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type BrowserContext, type Page } from "puppeteer-core";
import { CognitoStandIn } from "../../local/cognito/issuer";
import { UserPool } from "../../local/cognito/user-pool";
import type { RecordingBackend } from "../../local/envoy/recording-backend";
import { usernameHeader } from "../../services/request-path";
import { certificate } from "./certificate";
import { chromium } from "./chromium";
import { bundled } from "./frontend";
import { startNginx } from "./nginx";
import { startRequestPath } from "./request-path";

const cognitoHost = "cognito-idp.eu-central-1.amazonaws.com";

export interface SessionSite {
  readonly url: string;
  readonly cognito: CognitoStandIn;
  readonly backend: RecordingBackend;
  /** What the app's answers to these paths wait for: of /api/half after the first half, of /api/refused with a 401. */
  readonly slowness: Map<string, Promise<void>>;
  /** @param context @default a new one, in which nobody has ever signed in */
  newTab(context?: BrowserContext, query?: string): Promise<Page>;
  /** Signs in with Amplify; the access token is valid for so long. */
  signIn(page: Page, username: string, validitySeconds?: number): Promise<void>;
  /** Calls the API. @returns the status, and as whom and with what the app was asked */
  call(page: Page, method?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startSessionSite(): Promise<SessionSite> {
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    return await start(stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(stops: (() => unknown)[], stop: () => Promise<void>): Promise<SessionSite> {
  const folder = mkdtempSync(join(tmpdir(), "session-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const pool = new UserPool();
  await pool.serve();
  stops.push(() => pool.stop());
  const path = await startRequestPath("ext_authz", { pool });
  stops.push(() => path.stop());
  const cognito = await new CognitoStandIn(pool, await certificate(folder, cognitoHost)).start();
  stops.push(() => cognito.stop());

  const { userPoolId, clientId: userPoolClientId } = pool;
  const backendUrl = `http://127.0.0.1:${path.envoy.port}`;
  const define = { BUILT_WITH: JSON.stringify({ backendUrl, userPoolId, userPoolClientId }) };
  const nginx = await startNginx(
    {
      "index.html": '<!doctype html><title>Cruddur</title><script src="/static/js/main.js"></script>',
      "static/js/main.js": await bundled("session-page.ts", { platform: "browser", define }),
    },
    {
      BACKEND_URL: backendUrl,
      AWS_REGION: "eu-central-1",
      AWS_USER_POOLS_ID: userPoolId,
      AWS_USER_POOLS_WEB_CLIENT_ID: userPoolClientId,
      OTEL_COLLECTOR_URL: "https://otel-collector.cruddur.example.com",
    },
  );
  stops.push(() => nginx.stop());
  const slowness = new Map<string, Promise<void>>();
  // The app knows its pages' origin.
  path.backend.answer = async (request, response) => {
    response.setHeader("access-control-allow-origin", nginx.url);
    response.setHeader("access-control-allow-headers", "authorization");
    if (request.method === "OPTIONS") return response.end();
    if (request.url === "/api/half") response.write("{");
    if (request.url === "/api/refused") response.statusCode = 401;
    await slowness.get(request.url ?? "");
    return response.end(request.url === "/api/half" ? "}" : "{}");
  };
  const browser = await puppeteer.launch({
    ...chromium,
    args: [
      ...chromium.args,
      `--host-resolver-rules=MAP ${cognitoHost}:443 127.0.0.1:${cognito.port}`,
      "--ignore-certificate-errors",
    ],
  });
  stops.push(() => browser.close());

  return {
    url: nginx.url,
    cognito,
    backend: path.backend,
    slowness,
    stop,
    newTab: async (context, query = "") => {
      const page = await (context ?? (await browser.createBrowserContext())).newPage();
      await page.goto(`${nginx.url}/${query}`);
      return page;
    },
    signIn: async (page, username, validitySeconds = 3600) => {
      cognito.validitySeconds = validitySeconds;
      expect(await page.evaluate(`signIn(${JSON.stringify(username)})`)).toBe("DONE");
      cognito.validitySeconds = 3600;
      cognito.calls.length = 0;
    },
    call: async (page, method = "GET") => {
      path.backend.seen.length = 0;
      const status = await page.evaluate(
        `apiFetch("/api/activities/home", { method: "${method}" }).then(({ status }) => status)`,
      );
      const seen = path.backend.seen.filter((request) => request.method === method);
      const [user, authorization] = [usernameHeader, "authorization"].map((name) => seen[0]?.headers[name]?.[0]);
      return `${status} ${user ?? "nobody"}, ${authorization?.replace(/ .*/, " TOKEN") ?? "no header"}`;
    },
  };
}
