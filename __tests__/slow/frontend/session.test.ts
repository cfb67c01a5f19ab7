/**
 * A session that outlives its access token: the frontend's code in a real browser, on a page of the frontend's nginx, with
 * Cognito's host name led to a stand-in, through the real Envoy and authorizer to an app that records who asks.
 */
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { runProcess } from "../../../lib/run-process";
import { project } from "../../support/project";
import { type SessionSite, startSessionSite } from "../../support/session-site";

const minute = 60_000;
let site: SessionSite;
let page: Page;

beforeAll(async () => {
  site = await startSessionSite();
}, 5 * minute);

afterAll(() => site?.stop());

/** Runs in the page; what rejects there rejects here. */
const inPage = (expression: string) => page.evaluate(expression) as Promise<unknown>;

const signIn = (username: string, validitySeconds: number) => site.signIn(page, username, validitySeconds);
const call = (method?: string) => site.call(page, method);

beforeEach(async () => {
  page = await site.newTab();
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
    expect(site.cognito.calls).toEqual([]);
  },
  minute,
);

test(
  "a valid token is used as it is, also after a reload",
  async () => {
    site.cognito.calls.length = 0;
    await signIn("alice", 3600);
    expect(await call()).toBe("200 alice, Bearer TOKEN");
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    await page.reload();
    expect(await call()).toBe("200 alice, Bearer TOKEN");
    expect(site.cognito.calls).toEqual([]);
  },
  minute,
);

test(
  "an expired token is refreshed, and the API answers as the user",
  async () => {
    await signIn("alice", -60);
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    expect(site.cognito.refreshes).toBe(1);
    expect(await call("POST")).toBe("200 alice, Bearer TOKEN");
    expect(site.cognito.refreshes).toBe(1);
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
    expect(site.cognito.refreshes).toBe(1);
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
    expect([late.length > 1, new Set(late).size, site.cognito.refreshes]).toEqual([true, 1, 1]);
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
    expect([new Set(replaced).size, new Set(replaced.slice(1)).size, site.cognito.refreshes]).toEqual([2, 1, 1]);
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
    site.cognito.revoke("alice");
    expect(await inPage("getAccessToken()")).toBeNull();
    expect(await call()).toBe("200 nobody, no header");
    expect(await inPage('apiFetch("/api/activities", { method: "POST" }).then(({ status }) => status)')).toBe(401);
    expect(site.cognito.refreshes).toBe(1);
  },
  minute,
);

test.each<[string, () => Promise<() => Promise<unknown>>]>([
  [
    "can't be reached",
    async () => {
      const port = await site.cognito.stop();
      return () => site.cognito.start(port);
    },
  ],
  [
    "is ill",
    async () => {
      site.cognito.illness = 500;
      return async () => {
        site.cognito.illness = undefined;
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
