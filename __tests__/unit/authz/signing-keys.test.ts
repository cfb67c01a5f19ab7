import type { Jwks } from "aws-jwt-verify/jwk";
import { SigningKeys, type SigningKeysOptions } from "../../../authz/src/signing-keys";
import { until } from "../../support/processes";

const keySet = (kid: string): Jwks => ({ keys: [{ kty: "RSA", kid }] });

describe("the pool's signing keys", () => {
  let keys: SigningKeys;
  let readAt: number[];
  let answer: () => Promise<Jwks>;
  let known: string[];
  let logged: string[];

  function make(timing: SigningKeysOptions["timing"]): SigningKeys {
    readAt = [];
    known = [];
    logged = [];
    answer = async () => keySet("first");
    keys = new SigningKeys({
      read: () => {
        readAt.push(performance.now());
        return answer();
      },
      onChange: (changed) => known.push(String(changed.keys[0]?.kid)),
      log: (_level, event, fields) => logged.push(`${event} ${JSON.stringify(fields)}`),
      timing,
    });
    return keys;
  }
  afterEach(() => keys.stop());

  test("are read with back-off until they are had", async () => {
    make({ retry: 20 });
    answer = async () => {
      throw new Error("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    };
    keys.start();
    await until(() => readAt.length === 4, "four attempts");
    expect(keys.available).toBe(false);
    const pauses = readAt.slice(1).map((time, index) => time - Number(readAt[index]));
    // Each at least three quarters of 20, 40 and 80 ms (less a timer's error).
    expect(pauses.map((pause, index) => pause / (20 * 2 ** index) > 0.7)).toEqual([true, true, true]);
    expect(logged[0]).toContain("fetch failed: connect ECONNREFUSED");

    answer = async () => keySet("first");
    await until(() => keys.available, "keys");
    expect(known).toEqual(["first"]);
  });

  test("are read anew all the time; a change is told, and only a change", async () => {
    make({ refresh: 10 });
    keys.start();
    await until(() => readAt.length > 3, "four readings");
    expect(known).toEqual(["first"]);
    answer = async () => keySet("second");
    await until(() => known.length > 1, "the change");
    expect(known).toEqual(["first", "second"]);
    expect(logged).toEqual(['keys {"kids":["first"]}', 'keys {"kids":["second"]}']);
  });

  test("stay while the source is away", async () => {
    make({ refresh: 10, retry: 5 });
    keys.start();
    await until(() => keys.available, "keys");
    answer = () => Promise.reject(new Error("away"));
    const before = readAt.length;
    await until(() => readAt.length > before + 2, "failures");
    expect(keys.available).toBe(true);
    expect(known).toEqual(["first"]);
  });

  test("are looked up once for all who ask at the same time", async () => {
    make({ lookUpBurst: 10 });
    let release = (_keys: Jwks) => {};
    answer = () => new Promise((resolve) => (release = resolve));
    const lookUps = [1, 2, 3].map(() => keys.lookUp());
    release(keySet("second"));
    expect(await Promise.all(lookUps)).toEqual([true, true, true]);
    expect(readAt.length).toBe(1);
    expect(known).toEqual(["second"]);
  });

  test("are looked up no oftener than allowed, and again after a while", async () => {
    const clock = jest.spyOn(performance, "now").mockReturnValue(1000);
    let readings = 0;
    try {
      const read = async () => {
        readings += 1;
        return keySet("first");
      };
      const timing = { lookUp: 10_000, lookUpBurst: 3 };
      const limited = new SigningKeys({ read, onChange: () => {}, log: () => {}, timing });
      const lookUpOften = async () => {
        for (let attempt = 0; attempt < 10; attempt += 1) expect(await limited.lookUp()).toBe(true);
      };
      await lookUpOften();
      expect(readings).toBe(3);
      clock.mockReturnValue(10_999);
      await lookUpOften();
      expect(readings).toBe(3);
      clock.mockReturnValue(11_001);
      await lookUpOften();
      expect(readings).toBe(4);
      clock.mockReturnValue(1_000_000);
      await lookUpOften();
      expect(readings).toBe(7);
    } finally {
      clock.mockRestore();
    }
  });

  test("can't be told to be current after a failure, allowed to look or not", async () => {
    make({ lookUp: 60_000, lookUpBurst: 2 });
    expect(await keys.lookUp()).toBe(true);
    answer = () => Promise.reject(new Error("away"));
    expect(await keys.lookUp()).toBe(false);
    expect(await keys.lookUp()).toBe(false);
    expect(readAt.length).toBe(2);
  });

  test("are read no more once stopped", async () => {
    make({ refresh: 5 });
    const running = keys.start();
    await until(() => readAt.length > 1, "readings");
    keys.stop();
    await running;
    const before = readAt.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(readAt.length).toBe(before);
  });
});
