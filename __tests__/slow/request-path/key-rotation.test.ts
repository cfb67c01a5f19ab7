/** Cognito changes its keys while users are at work. */
import { newSigningKey, type SigningKey, UserPool } from "../../../local/cognito/user-pool";
import { load } from "../../support/load";
import { untilAsync } from "../../support/processes";
import { modes, outcome, startRequestPath } from "../../support/request-path";

test.each(modes)(
  "%s: no valid request fails while the keys rotate under load",
  async (mode) => {
    const pool = new UserPool();
    await pool.serve();
    const path = await startRequestPath(mode, { pool, record: false, jwksRefreshSeconds: 1 });
    const done = new AbortController();
    let signing: NodeJS.Timeout | undefined;
    try {
      const first = pool.signingKey;
      let users = 0;
      let requests = 0;
      let token = pool.token("user-0", { key: first });
      const sign = (key = first) => {
        users += 1;
        token = pool.token(`user-${users}`, { key });
      };
      let key = first;
      signing = setInterval(() => sign(key), 5);
      const loading = load({
        port: path.envoy.port,
        workers: 6,
        headers: () => {
          requests += 1;
          return { authorization: `Bearer ${token}` };
        },
        signal: done.signal,
      });
      // A key is published before it signs: in jwt_authn for as long as known ones are kept.
      const published = async (...keys: readonly SigningKey[]) => {
        const before = pool.fetches;
        pool.publish(...keys);
        if (mode === "jwt_authn") await untilAsync(async () => pool.fetches >= before + 2, "two refreshes of the keys");
      };
      for (let rotation = 0; rotation < 3; rotation += 1) {
        const next = newSigningKey();
        await published(key, next);
        const [usersBefore, requestsBefore] = [users, requests];
        key = next;
        await untilAsync(
          async () => users > usersBefore + 50 && requests > requestsBefore + 200,
          "users with tokens of the new key",
        );
        await published(next);
      }
      clearInterval(signing);
      done.abort();
      const { answers, failures } = await loading;
      expect(failures).toEqual({});
      expect(answers).toBeGreaterThan(500);
    } finally {
      clearInterval(signing);
      done.abort();
      await path.stop();
      await pool.stop();
    }
  },
  120_000,
);

test.each(modes)(
  "%s: a new token of a key that is gone is of nobody",
  async (mode) => {
    const pool = new UserPool();
    await pool.serve();
    const path = await startRequestPath(mode, { pool, jwksRefreshSeconds: 1 });
    try {
      const gone = pool.signingKey;
      const post = async (key = gone) => {
        const headers = [["Authorization", `Bearer ${pool.token("alice", { key })}`] as const];
        return outcome(await path.send({ method: "POST", headers }));
      };
      expect(await post()).toBe("200 alice");
      const next = newSigningKey();
      pool.publish(next);
      await untilAsync(async () => (await post(next)) === "200 alice", "the new key to be known");
      expect(await post()).toBe("401");
    } finally {
      await path.stop();
      await pool.stop();
    }
  },
  60_000,
);
