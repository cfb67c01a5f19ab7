import { bearerToken } from "../../../authz/src/bearer-token";
import { Random } from "../../support/random";

describe("the Bearer token of a request", () => {
  test.each([
    [["Authorization", "Bearer a.b.c"], "a.b.c"],
    [["authorization", "bearer a.b.c"], "a.b.c"],
    [["AUTHORIZATION", "BEARER   aA0-_.b-.c_"], "aA0-_.b-.c_"],
    [["host", "x", "authorization", "Bearer a.b.c", "accept", "*/*"], "a.b.c"],
  ])("%j", (rawHeaders, token) => {
    expect(bearerToken(rawHeaders)).toEqual({ token });
  });

  test.each([[[]], [["host", "Bearer a.b.c"]], [["x-authorization", "Bearer a.b.c"]], [["host", "authorization"]]])(
    "is missing in %j",
    (rawHeaders) => {
      expect(bearerToken(rawHeaders)).toEqual({ refused: "missing" });
    },
  );

  test.each([
    "",
    "Bearer",
    "Bearer ",
    "Bearer undefined",
    "Bearer null",
    "a.b.c",
    "Bearera.b.c",
    "Bearer\ta.b.c",
    "Bearer a.b",
    "Bearer a.b.c.d",
    "Bearer a..c",
    "Bearer a.b.",
    "Bearer a.b.c d",
    "Bearer a.b.c, Bearer a.b.c",
    "Bearer a.b.c=",
    "Bearer a.b+.c",
    " Bearer a.b.c",
    "Bearer a.b.c ",
    "Bearer Bearer a.b.c",
    "Basic a.b.c",
    "Bearer ä.b.c",
    "Bearer a.b.c\n",
  ])("is malformed in %j", (value) => {
    expect(bearerToken(["authorization", value])).toEqual({ refused: "malformed" });
  });

  test("two headers are malformed, even equal ones", () => {
    const header = ["Authorization", "Bearer a.b.c"];
    expect(bearerToken([...header, ...header])).toEqual({ refused: "malformed" });
    expect(bearerToken([...header, "x", "y", "authorization", ""])).toEqual({ refused: "malformed" });
  });

  test("is of the same opinion about random headers as a parser of another make", () => {
    const seed = Date.now() % 1_000_000;
    const random = new Random(seed);
    const character = () => random.one([..."aZ0-_.  =,\t", "\u00e9", "Bearer"]);
    const value = () =>
      random.one([
        () => random.text(12, character),
        () => `${random.one(["Bearer", "bearer", "beareR", "Bearer "])} ${random.text(9, character)}`,
        () => `Bearer ${["", "", ""].map(() => random.text(3, () => random.one([..."aZ0-_"]))).join(".")}`,
      ])();
    const found = { token: 0, missing: 0, malformed: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const names = ["authorization", "Authorization", "AUTHORIZATION", "authorizatio", "x-authorization", "host"];
      const rawHeaders = Array.from({ length: random.below(4) }, () => [random.one(names), value()]).flat();
      const actual = bearerToken(rawHeaders);
      const expected = plainly(rawHeaders);
      if (JSON.stringify(actual) !== JSON.stringify(expected)) {
        throw new Error(JSON.stringify({ seed, rawHeaders, actual, expected }));
      }
      found["token" in actual ? "token" : actual.refused] += 1;
    }
    // The headers are of all kinds.
    expect(Math.min(...Object.values(found))).toBeGreaterThan(500);
  });
});

/** The rule once more, character by character. */
function plainly(rawHeaders: readonly string[]): ReturnType<typeof bearerToken> {
  const values = rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "authorization",
  );
  const [value] = values;
  if (value === undefined) return { refused: "missing" };
  const [scheme = "", ...rest] = value.split(" ");
  const token = rest.at(-1) ?? "";
  const parts = token.split(".");
  const isWellFormed =
    values.length === 1 &&
    scheme.toLowerCase() === "bearer" &&
    rest.slice(0, -1).every((gap) => gap === "") &&
    parts.length === 3 &&
    parts.every((part) => part !== "" && [...part].every((character) => isBase64url(character)));
  return isWellFormed ? { token } : { refused: "malformed" };
}

function isBase64url(character: string): boolean {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".includes(character);
}
