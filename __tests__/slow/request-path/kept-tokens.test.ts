/** What the tokens take that `jwt_authn` keeps. */
import { Agent, get } from "node:http";
import { cachedTokenLength, cachedTokens } from "../../../envoy/jwt-authn";
import { heapLimitBytes } from "../../../envoy/overload";
import { UserPool } from "../../../local/cognito/user-pool";
import { load } from "../../support/load";
import { startRequestPath } from "../../support/request-path";

const sample = 800;

/** Of all tokens that are kept, those that take most: each group is an object of its own. */
function fullOfGroups(pool: UserPool, user: number): string {
  const token = (groups: number) =>
    pool.token(`user-${1000 + user}`, { claims: { "cognito:groups": Array.from({ length: groups }, () => "g") } });
  const perGroup = (token(40).length - token(0).length) / 40;
  return token(Math.floor((cachedTokenLength - token(0).length) / perGroup) - 1);
}

test("a cache full of the largest leaves the overload manager at rest", async () => {
  const pool = new UserPool();
  await pool.serve();
  const path = await startRequestPath("jwt_authn", {
    pool,
    record: false,
    edited: (yaml) => `${yaml}stats_flush_interval: 0.2s\n`,
  });
  try {
    const tokens = Array.from({ length: sample }, (_value, user) => fullOfGroups(pool, user));
    for (const { length } of tokens) {
      expect(length).toBeLessThanOrEqual(cachedTokenLength);
      expect(length).toBeGreaterThan(cachedTokenLength - 30);
    }
    /** Once what was counted before is certainly in the figures. */
    const allocated = async () => {
      const { "server.uptime": now = 0 } = await path.stats(() => true);
      const figures = await path.stats(({ "server.uptime": uptime = 0 }) => uptime >= now + 2);
      return figures["server.memory_allocated"] ?? Number.NaN;
    };
    const sendEach = async () => {
      let sent = 0;
      const all = new AbortController();
      const headers = () => {
        const authorization = `Bearer ${tokens[sent % sample]}`;
        sent += 1;
        if (sent === sample) all.abort();
        return { authorization };
      };
      return load({ port: path.envoy.port, workers: 4, headers, signal: all.signal });
    };
    const before = await allocated();
    expect((await sendEach()).failures).toEqual({});
    const after = await allocated();
    // They are kept, indeed.
    await sendEach();
    const figures = await path.stats(() => true);
    expect(figures["http.ingress.jwt_authn.jwt_cache_hit"]).toBeGreaterThanOrEqual(sample);
    expect(before + ((after - before) / sample) * cachedTokens).toBeLessThan(heapLimitBytes * 0.9);
  } finally {
    await path.stop();
    await pool.stop();
  }
}, 60_000);

test("several threads share the number, so that all of them take no more than one", async () => {
  const pool = new UserPool();
  await pool.serve();
  const edited = (yaml: string) => yaml.replace(`jwt_cache_size: ${cachedTokens}`, "jwt_cache_size: 100");
  // As with a read-only root: there is no place for a file.
  const environment = { ENVOY_CONCURRENCY: "4", TMPDIR: "/nonexistent" };
  const path = await startRequestPath("jwt_authn", { pool, edited, byEntrypoint: true, environment });
  // One connection has one thread.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const tokens = Array.from({ length: 60 }, (_value, user) => pool.token(`user-${user}`));
    const ask = (token: string) =>
      new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` };
        get({ port: path.envoy.port, path: "/api/a", headers, agent }, (response) =>
          response.resume().on("end", () => resolve()),
        ).on("error", reject);
      });
    for (const token of [...tokens, ...tokens]) await ask(token);
    const { "http.ingress.jwt_authn.jwt_cache_hit": hits, "http.ingress.jwt_authn.allowed": allowed } =
      await path.stats((figures) => (figures["http.ingress.jwt_authn.allowed"] ?? 0) >= 120);
    // A thread that kept a hundred would have known all sixty the second time; one that keeps 25 has forgotten each of them.
    expect([allowed, hits]).toEqual([120, 0]);
  } finally {
    agent.destroy();
    await path.stop();
    await pool.stop();
  }
}, 60_000);
