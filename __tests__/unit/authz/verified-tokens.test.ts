import { VerifiedTokens } from "../../../authz/src/verified-tokens";

describe("the memory of verified tokens", () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => jest.useRealTimers());

  const inAMinute = { username: "alice", expiresAtMs: 1_060_000 };

  test("knows a token until it expires, and not from then on", () => {
    const tokens = new VerifiedTokens(10);
    tokens.set("a.b.c", inAMinute);
    expect(tokens.get("a.b.c")).toEqual(inAMinute);
    expect(tokens.get("a.b.d")).toBeUndefined();
    jest.setSystemTime(1_059_999);
    expect(tokens.get("a.b.c")).toEqual(inAMinute);
    jest.setSystemTime(1_060_000);
    expect(tokens.get("a.b.c")).toBeUndefined();
    expect(tokens.size).toBe(0);
  });

  test("holds no more than its capacity, and what is in use", () => {
    const tokens = new VerifiedTokens(100);
    tokens.set("used", inAMinute);
    for (let index = 0; index < 1000; index += 1) {
      tokens.set(`token ${index}`, inAMinute);
      expect(tokens.get("used")).toBeDefined();
      expect(tokens.size).toBeLessThanOrEqual(100);
    }
    expect(tokens.size).toBeGreaterThanOrEqual(50);
    expect(tokens.get("token 999")).toBeDefined();
    expect(tokens.get("token 0")).toBeUndefined();
  });

  test("holds no token", () => {
    const tokens = new VerifiedTokens(10);
    tokens.set("a.b.c", inAMinute);
    expect(JSON.stringify(tokens, (_key, value) => (value instanceof Map ? [...value] : value))).not.toContain("a.b.c");
  });

  test("can be cleared", () => {
    const tokens = new VerifiedTokens(2);
    for (const token of ["a", "b", "c"]) tokens.set(token, inAMinute);
    tokens.clear();
    expect(["a", "b", "c"].map((token) => tokens.get(token))).toEqual([undefined, undefined, undefined]);
  });
});
