/**
 * A session that outlives its access token: the frontend's code in a real browser, on a page of the frontend's nginx, with
 * Cognito's host name led to a stand-in, through the real Envoy and authorizer to an app that records who asks.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { runProcess } from "../../../lib/run-process";
import { CognitoStandIn } from "../../../local-cognito/issuer";
import { UserPool } from "../../../local-envoy/user-pool";
import { usernameHeader } from "../../../services/request-path";
import { certificate } from "../../support/certificate";
import { chromium } from "../../support/chromium";
import { bundled } from "../../support/frontend";
import { type LocalNginx, startNginx } from "../../support/nginx";
import { project } from "../../support/project";
import { type LocalRequestPath, startRequestPath } from "../../support/request-path";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "session-"));
const cognitoHost = "cognito-idp.eu-central-1.amazonaws.com";
const pool = new UserPool();
const { userPoolId, clientId: userPoolClientId } = pool;

let path: LocalRequestPath;
let cognito: CognitoStandIn;
let nginx: LocalNginx;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await pool.serve();
  path = await startRequestPath("ext_authz", { pool });
  // The app knows its pages' origin.
  path.backend.answer = (_request, response) => {
    response.setHeader("access-control-allow-origin", nginx.url);
    response.setHeader("access-control-allow-headers", "authorization");
    response.end("{}");
  };
  cognito = await new CognitoStandIn(pool, await certificate(folder, cognitoHost)).start();
  const backendUrl = `http://127.0.0.1:${path.envoy.port}`;
  const define = { BUILT_WITH: JSON.stringify({ backendUrl, userPoolId, userPoolClientId }) };
  nginx = await startNginx(
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
  browser = await puppeteer.launch({
    ...chromium,
    args: [
      ...chromium.args,
      `--host-resolver-rules=MAP ${cognitoHost}:443 127.0.0.1:${cognito.port}`,
      "--ignore-certificate-errors",
    ],
  });
}, 5 * minute);

afterAll(async () => {
  await browser?.close();
  await nginx?.stop();
  await cognito?.stop();
  await path?.stop();
  await pool.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs in the page; what rejects there rejects here. */
const inPage = (expression: string) => page.evaluate(expression) as Promise<unknown>;

/** Signs in; the access token is valid for so long. */
async function signIn(username: string, validitySeconds: number): Promise<void> {
  cognito.validitySeconds = validitySeconds;
  expect(await inPage(`signIn(${JSON.stringify(username)})`)).toBe("DONE");
  cognito.validitySeconds = 3600;
  cognito.calls.length = 0;
}

/** Calls the API. @returns the status, and as whom and with what the app was asked */
async function call(method = "GET"): Promise<string> {
  path.backend.seen.length = 0;
  const status = await inPage(`apiFetch("/api/activities/home", { method: "${method}" }).then(({ status }) => status)`);
  const seen = path.backend.seen.filter((request) => request.method === method);
  const [user, authorization] = [usernameHeader, "authorization"].map((name) => seen[0]?.headers[name]?.[0]);
  return `${status} ${user ?? "nobody"}, ${authorization?.replace(/ .*/, " TOKEN") ?? "no header"}`;
}

beforeEach(async () => {
  const context = await browser.createBrowserContext();
  page = await context.newPage();
  await page.goto(nginx.url);
});

afterEach(async () => {
  // Nothing was ever kept where it outlives the tab.
  expect(await inPage("localStorage.length")).toBe(0);
  await page.browserContext().close();
});

test(
  "the package has no type error",
  async () => {
    const { exitCode, stdout } = await runProcess("npm", ["run", "--silent", "check"], {
      cwd: join(project, "frontend"),
    });
    expect([exitCode, stdout]).toEqual([0, ""]);
  },
  minute,
);

test(
  "nobody is signed in: null, and reading goes on without a header",
  async () => {
    expect(await inPage("getAccessToken()")).toBeNull();
    expect(await call()).toBe("200 nobody, no header");
    expect(cognito.calls).toEqual([]);
  },
  minute,
);

test(
  "a valid token is used as it is, also after a reload",
  async () => {
    cognito.calls.length = 0;
    await signIn("alice", 3600);
    expect(await call()).toBe("200 alice, Bearer TOKEN");
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    await page.reload();
    expect(await call()).toBe("200 alice, Bearer TOKEN");
    expect(cognito.calls).toEqual([]);
  },
  minute,
);

test(
  "an expired token is refreshed, and the API answers as the user",
  async () => {
    await signIn("alice", -60);
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    expect(cognito.refreshes).toBe(1);
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    expect(cognito.refreshes).toBe(1);
  },
  minute,
);

test(
  "callers at the same time share one refresh",
  async () => {
    await signIn("alice", -60);
    const tokens = (await inPage("Promise.all(Array.from({ length: 20 }, () => getAccessToken()))")) as string[];
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(cognito.refreshes).toBe(1);
    // Who asks while the new token is being stored, too.
    await inPage("signOut()");
    await signIn("alice", -60);
    const late = (await inPage(`(async () => {
      const { setItem } = Storage.prototype;
      const late = [];
      Storage.prototype.setItem = function (key, value) { late.push(getAccessToken()); return setItem.call(this, key, value); };
      const first = await getAccessToken();
      Storage.prototype.setItem = setItem;
      return [first, ...(await Promise.all(late))];
    })()`)) as string[];
    expect([late.length > 1, new Set(late).size, cognito.refreshes]).toEqual([true, 1, 1]);
  },
  minute,
);

test(
  "a refused token is replaced once, for all whom it was refused to",
  async () => {
    await signIn("alice", 3600);
    const replaced = (await inPage(`(async () => {
      const refused = await getAccessToken();
      const tokens = await Promise.all(Array.from({ length: 5 }, () => replaceAccessToken(refused)));
      return [refused, ...tokens, await replaceAccessToken(refused)];
    })()`)) as string[];
    expect([new Set(replaced).size, new Set(replaced.slice(1)).size, cognito.refreshes]).toEqual([2, 1, 1]);
  },
  minute,
);

test(
  "an expired token without a refresh token: the session has ended",
  async () => {
    await signIn("alice", -60);
    await inPage(
      'Object.keys(sessionStorage).filter((key) => key.endsWith("refreshToken")).forEach((key) => sessionStorage.removeItem(key))',
    );
    expect(await inPage("getAccessToken()")).toBeNull();
    expect(await call()).toBe("200 nobody, no header");
  },
  minute,
);

test(
  "a refresh after a global sign-out: null, and a stranger from then on",
  async () => {
    await signIn("alice", -60);
    cognito.revoke("alice");
    expect(await inPage("getAccessToken()")).toBeNull();
    expect(await call()).toBe("200 nobody, no header");
    expect(await inPage('apiFetch("/api/activities", { method: "POST" }).then(({ status }) => status)')).toBe(401);
    expect(cognito.refreshes).toBe(1);
  },
  minute,
);

test.each<[string, () => Promise<() => Promise<unknown>>]>([
  [
    "can't be reached",
    async () => {
      const port = await cognito.stop();
      return () => cognito.start(port);
    },
  ],
  [
    "is ill",
    async () => {
      cognito.illness = 500;
      return async () => {
        cognito.illness = undefined;
      };
    },
  ],
])(
  "while Cognito %s, it rejects; the session goes on when Cognito is back",
  async (_what, fall) => {
    await signIn("alice", -60);
    const recover = await fall();
    try {
      await expect(inPage("getAccessToken()")).rejects.toThrow();
      await expect(inPage('apiFetch("/api/activities/home")')).rejects.toThrow();
    } finally {
      await recover();
    }
    expect(await call()).toBe("200 alice, Bearer TOKEN");
  },
  2 * minute,
);

test(
  "signing out ends it",
  async () => {
    await signIn("alice", 3600);
    await inPage("signOut()");
    expect(await inPage("getAccessToken()")).toBeNull();
    expect(await inPage("sessionStorage.length")).toBe(0);
  },
  minute,
);
