/** Where Envoy's own verification can't behave as the authorizer does. */
import { newSigningKey, UserPool } from "../../../local/cognito/user-pool";
import { documentedTable } from "../../support/documented-tables";
import { untilAsync } from "../../support/processes";
import { type LocalRequestPath, modes, outcome, startRequestPath } from "../../support/request-path";

const table = documentedTable("Where the two differ");

type Post = (token: string) => Promise<string>;
const measurements: Readonly<Record<string, (pool: UserPool, post: Post) => Promise<string>>> = {
  "token of a new key, just published": async (pool, post) => {
    const next = newSigningKey();
    pool.publish(pool.signingKey, next);
    return post(pool.token("alice", { key: next }));
  },
  "token known from before, whose key Cognito has withdrawn since": async (pool, post) => {
    const known = pool.token("alice");
    expect(await post(known)).toBe("200 alice");
    pool.publish(newSigningKey());
    await untilAsync(async () => (await post(pool.token("bob"))) === "200 bob", "the new key to be known");
    return post(known);
  },
};

describe.each(modes)("%s", (mode) => {
  test.each(Object.entries(measurements))(
    "POST, %s",
    async (name, measure) => {
      const pool = new UserPool();
      await pool.serve();
      let path: LocalRequestPath | undefined;
      try {
        // The second one is about what comes after a refresh.
        const jwksRefreshSeconds = name.includes("withdrawn") ? 1 : undefined;
        path = await startRequestPath(mode, {
          pool,
          ...(jwksRefreshSeconds === undefined ? {} : { jwksRefreshSeconds }),
        });
        const { send } = path;
        const post: Post = async (token) =>
          outcome(await send({ method: "POST", headers: [["Authorization", `Bearer ${token}`]] }));
        expect(await measure(pool, post)).toBe(table.get(name)?.[modes.indexOf(mode)]);
      } finally {
        await path?.stop();
        await pool.stop();
      }
    },
    60_000,
  );
});

test("the table has a row for each that is tried, and the other way round", () => {
  expect([...table.keys()]).toEqual(Object.keys(measurements));
});
