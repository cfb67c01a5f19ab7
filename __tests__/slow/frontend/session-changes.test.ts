/**
 * The tables of docs/sessions.md about what a page may rely on when the user changes: for each row, a refresh and a call of
 * the API are under way in a tab as alice, with a second tab beside it that is a duplicate of the first. What happens to both
 * is compared with the table.
 */
import type { Page } from "puppeteer-core";
import { documentedTable } from "../../support/documented-tables";
import { until, untilAsync } from "../../support/processes";
import { type SessionSite, startSessionSite } from "../../support/session-site";

const minute = 60_000;
let site: SessionSite;

beforeAll(async () => {
  site = await startSessionSite();
}, 5 * minute);
afterAll(() => site?.stop());

/** What waits until it is let go. */
function gate(): { readonly closed: Promise<void>; open: () => void } {
  let open = () => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

/** As the browser's "duplicate tab": the new one has a copy of the first one's sessionStorage. */
async function duplicate(page: Page): Promise<Page> {
  const opened = new Promise<Page>((resolve) => page.once("popup", (popup) => resolve(popup as Page)));
  await page.evaluate("void open(location.href)");
  const copy = await opened;
  await copy.waitForFunction("window.getAccessToken !== undefined");
  return copy;
}

const tokenOf = async (page: Page, expression = "getAccessToken()"): Promise<string> => {
  const token = (await page.evaluate(expression)) as string | null;
  if (token === null) return "null";
  return `${JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).username}'s`;
};

/** As whom the API sees a tab, once the tab has settled; with what is left where that is nobody. */
async function userOf(page: Page): Promise<string> {
  const [, user = ""] = /^200 (\w+),/.exec(await site.call(page)) ?? [];
  if (user !== "nobody") return user;
  await untilAsync(() => page.evaluate("sessionStorage.length === 0") as Promise<boolean>, "the tokens' end", 5_000);
  return user;
}

interface Scene {
  readonly tab: Page;
  readonly second: Page;
}

const signOut = (page: Page) => page.evaluate("signOut()");

interface SlowRefresh {
  /** What who asked for a token gets. */
  readonly answer: Promise<string>;
  /** Lets Cognito answer, and waits until the tab has done with it. */
  readonly open: () => Promise<void>;
}

/** A refresh that Cognito has decided on and not yet answered. */
async function slowRefresh(tab: Page): Promise<SlowRefresh> {
  const { closed, open } = gate();
  site.cognito.slowness = (operation) => (operation === "GetTokensFromRefreshToken" ? closed : undefined);
  site.cognito.calls.length = 0;
  const answer = tokenOf(tab);
  await until(() => site.cognito.refreshes > 0, "the refresh to reach Cognito");
  site.cognito.slowness = () => undefined;
  return {
    answer,
    open: async () => {
      const arrived = tab.waitForResponse((response) => response.url().includes("cognito-idp"));
      open();
      await arrived;
      await tab.waitForNetworkIdle({ idleTime: 100 });
    },
  };
}

/** What an hour and a minute do to a page: its clocks go on. @param setBackMs by how much the user's clock is put back */
const anHourLater = (tab: Page, setBackMs = 0) =>
  tab.evaluate(`{
    const [date, monotonic] = [Date.now, performance.now.bind(performance)];
    Date.now = () => date() + 61 * 60_000 - ${setBackMs};
    performance.now = () => monotonic() + 61 * 60_000;
  }`);

/** By the first cell of the table's row. */
const events: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "`signOut()`": ({ tab }) => signOut(tab),
  "Amplify's `signOut()`": ({ tab }) => tab.evaluate("signOutByAmplify()"),
  "`signOut()`, then bob signs in": async ({ tab }) => {
    await signOut(tab);
    await site.signIn(tab, "bob");
  },
  "`signOut()`, then alice signs in": async ({ tab }) => {
    await signOut(tab);
    await site.signIn(tab, "alice");
  },
  "`signOut()` in the other tab": ({ second }) => signOut(second),
  "`signOut()` in the other tab, where bob signs in": async ({ second }) => {
    await signOut(second);
    await site.signIn(second, "bob");
  },
  "bob signs in in a new tab": async ({ tab }) => {
    await site.signIn(await site.newTab(tab.browserContext()), "bob");
  },
  "alice signs in in a new tab": async ({ tab }) => {
    await site.signIn(await site.newTab(tab.browserContext()), "alice");
  },
  "a new tab is opened": ({ tab }) => site.newTab(tab.browserContext()),
  nothing: async () => {},
};
const documented = documentedTable("When the user changes", "sessions.md");
const withoutQuotes = (text: string) => text.replaceAll("`", "");

test("each row of the table is tried", () => {
  expect([...documented.keys()].sort()).toEqual(Object.keys(events).map(withoutQuotes).sort());
});

test.each(Object.entries(events))(
  "%s",
  async (name, happens) => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice");
    const second = await duplicate(tab);
    expect(await userOf(second)).toBe("alice");

    // A call that the app has and doesn't answer yet.
    const app = gate();
    site.slowness.set("/api/slow", app.closed);
    const call = tab.evaluate('apiFetch("/api/slow").then(() => "arrives", ({ name }) => `rejects: ${name}`)');
    await until(() => site.backend.seen.some(({ url }) => url === "/api/slow"), "the call to reach the app");
    await anHourLater(tab);
    const refresh = await slowRefresh(tab);

    await happens({ tab, second });
    app.open();
    await refresh.open();
    const seen = [await refresh.answer, await call, await userOf(tab), await userOf(second)];
    expect([name, ...seen]).toEqual([name, ...(documented.get(withoutQuotes(name)) ?? [])]);
    await tab.browserContext().close();
  },
  minute,
);

test(
  "a refresh that is refused late ends nobody else's session",
  async () => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice", -60);
    site.cognito.revoke("alice");
    const refresh = await slowRefresh(tab);
    await signOut(tab);
    await site.signIn(tab, "bob");
    await refresh.open();
    expect([await refresh.answer, await userOf(tab)]).toEqual(["null", "bob"]);
  },
  minute,
);

test.each(["the same tab", "another tab"])(
  "a sign-out of Amplify's that Cognito answers late ends nobody else's session, in %s",
  async (where) => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice");
    const { closed, open } = gate();
    site.cognito.slowness = (operation) => (operation === "RevokeToken" ? closed : undefined);
    const ended = tab.evaluate("signOutByAmplify()");
    await until(() => site.cognito.calls.some(({ operation }) => operation === "RevokeToken"), "the sign-out");
    site.cognito.slowness = () => undefined;
    if (where === "the same tab") await signOut(tab);
    const other = where === "the same tab" ? tab : await site.newTab(tab.browserContext());
    await site.signIn(other, "bob");
    open();
    await ended;
    expect(await userOf(other)).toBe("bob");
  },
  minute,
);

test(
  "signing out doesn't wait for Cognito, which is told all the same",
  async () => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice");
    const { closed, open } = gate();
    site.cognito.slowness = () => closed;
    await signOut(tab);
    expect(await userOf(tab)).toBe("nobody");
    await until(() => site.cognito.calls.some(({ operation }) => operation === "RevokeToken"), "the token's end");
    site.cognito.slowness = () => undefined;
    open();
  },
  minute,
);

test(
  "a tab that slept through it all, with alice's tokens, is nobody's",
  async () => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice");
    const second = await duplicate(tab);
    await second.goto("about:blank");
    await signOut(tab);
    await site.signIn(tab, "bob");
    await second.goto(site.url);
    expect([await userOf(second), await userOf(tab)]).toEqual(["nobody", "bob"]);
  },
  minute,
);

test(
  "a tab hears of another one's sign-out, and takes its tokens away",
  async () => {
    const tab = await site.newTab();
    await site.signIn(tab, "alice");
    const second = await duplicate(tab);
    expect(await userOf(second)).toBe("alice");
    await second.evaluate("onSessionChange(() => { window.heard = true; })");
    await signOut(tab);
    const heard = "window.heard === true && sessionStorage.length === 0";
    await untilAsync(() => second.evaluate(heard) as Promise<boolean>, "the other tab to hear of it");
  },
  minute,
);

test(
  "with storage that tabs share, too, a late refresh changes nothing",
  async () => {
    const tab = await site.newTab(undefined, "?storage=local");
    await site.signIn(tab, "alice", -60);
    const second = await site.newTab(tab.browserContext(), "?storage=local");
    const refresh = await slowRefresh(tab);
    await signOut(second);
    expect(await second.evaluate("localStorage.length")).toBe(0);
    await site.signIn(second, "bob");
    await refresh.open();
    expect([await refresh.answer, await site.call(tab), await site.call(second)]).toEqual([
      expect.stringMatching(/^(null|bob's)$/),
      "200 bob, Bearer TOKEN",
      "200 bob, Bearer TOKEN",
    ]);
  },
  minute,
);

describe("a call that was begun as alice", () => {
  let tab: Page;
  const outcome = (expression: string) =>
    tab.evaluate(`${expression}.then(() => "arrives", ({ name }) => "rejects: " + name)`);
  const bobComes = async () => {
    await signOut(tab);
    await site.signIn(tab, "bob");
  };
  const seenAs = (url: string) =>
    site.backend.seen
      .filter((one) => one.url === url && one.method !== "OPTIONS")
      .map(({ headers }) => headers["x-cognito-username"]?.[0]);

  beforeEach(async () => {
    tab = await site.newTab();
    site.backend.seen.length = 0;
  });

  test(
    "is not sent as bob, who comes while its token is refreshed",
    async () => {
      await site.signIn(tab, "alice", -60);
      const { closed, open } = gate();
      site.cognito.slowness = (operation) => (operation === "GetTokensFromRefreshToken" ? closed : undefined);
      await tab.evaluate("void getAccessToken()");
      const call = outcome('apiFetch("/api/messages", { method: "POST", body: "of alice" })');
      await until(() => site.cognito.refreshes > 0, "the refresh to reach Cognito");
      await bobComes();
      site.cognito.slowness = () => undefined;
      open();
      expect([await call, seenAs("/api/messages")]).toEqual(["rejects: SessionChangedError", []]);
    },
    minute,
  );

  test(
    "is not sent again as bob when the API refuses it",
    async () => {
      await site.signIn(tab, "alice");
      const app = gate();
      site.slowness.set("/api/refused", app.closed);
      const call = outcome('apiFetch("/api/refused", { method: "POST", body: "of alice" })');
      await until(() => seenAs("/api/refused").length > 0, "the call to reach the app");
      await bobComes();
      app.open();
      expect([await call, seenAs("/api/refused")]).toEqual(["rejects: SessionChangedError", ["alice"]]);
    },
    minute,
  );

  test(
    "gets none of bob's tokens in the place of hers",
    async () => {
      await site.signIn(tab, "alice");
      await tab.evaluate("getAccessToken().then((token) => { window.hers = token; })");
      await bobComes();
      expect(await tab.evaluate("replaceAccessToken(hers)")).toBeNull();
      expect(await tab.evaluate("getAccessToken().then(replaceAccessToken)")).toMatch(/^ey/);
    },
    minute,
  );

  test(
    "has no body left for bob",
    async () => {
      await site.signIn(tab, "alice");
      const app = gate();
      site.slowness.set("/api/half", app.closed);
      const body = outcome(
        'apiFetch("/api/half").then((response) => { window.begun = true; return response.text(); })',
      );
      await tab.waitForFunction("window.begun");
      await bobComes();
      app.open();
      expect(await body).toBe("rejects: SessionChangedError");
    },
    minute,
  );
});

describe("a clock that is an hour fast when alice signs in", () => {
  const hour = 60 * 60_000;
  const fast = "{ const right = Date.now; window.right = right; Date.now = () => right() + 60 * 60_000; }";

  test(
    "and is put right: her token is refreshed when it has expired, and once",
    async () => {
      const tab = await site.newTab();
      await tab.evaluate(fast);
      await site.signIn(tab, "alice");
      const first = await tab.evaluate("getAccessToken()");
      await anHourLater(tab, hour);
      expect([await userOf(tab), site.cognito.refreshes]).toEqual(["alice", 1]);
      expect(await tab.evaluate("getAccessToken()")).not.toBe(first);
      expect(site.cognito.refreshes).toBe(1);
    },
    minute,
  );

  test(
    "and is put right while the refresh is under way, or before the page is loaded again",
    async () => {
      const tab = await site.newTab();
      await tab.evaluate(fast);
      await site.signIn(tab, "alice", -60);
      const refresh = await slowRefresh(tab);
      await tab.evaluate("Date.now = right");
      await refresh.open();
      expect([await refresh.answer, await userOf(tab), site.cognito.refreshes]).toEqual(["alice's", "alice", 1]);
      // Set back by an hour again: what is stored is told by no clock that is right.
      await tab.evaluateOnNewDocument("{ const right = Date.now; Date.now = () => right() - 60 * 60_000; }");
      await tab.reload();
      expect([await userOf(tab), site.cognito.refreshes]).toEqual(["alice", 2]);
      expect([await userOf(tab), site.cognito.refreshes]).toEqual(["alice", 2]);
    },
    minute,
  );
});
