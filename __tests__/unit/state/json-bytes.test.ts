import { parse, stringify } from "lossless-json";
import { canonicalBytes } from "../../../state/canonical";
import { JsonError, JsonValue } from "../../../state/json-bytes";
import { Random } from "../../support/random";

const whole = (text: string) => JsonValue.whole(Buffer.from(text));

describe("JSON in bytes", () => {
  test("is looked into by name and by place, and is otherwise what it was", () => {
    const value = whole(' {"a" : [1.0, "x\\u00e9\\n"], "b\\"": {"deep":12345678901234567890},"é":null}\n');
    expect([...value.members().keys()]).toEqual(["a", 'b"', "é"]);
    const [number, string] = value.members().get("a")?.items() ?? [];
    expect([number?.kind, number?.text, string?.string]).toEqual(["number", "1.0", "xé\n"]);
    expect(value.members().get('b"')?.text).toBe('{"deep":12345678901234567890}');
    expect(Buffer.from(value.members().get("é")?.slice ?? []).toString()).toBe("null");
  });

  test("the last of two members with one name counts, as in Terraform", () => {
    expect(whole('{"a":1,"a":2}').members().get("a")?.text).toBe("2");
  });

  test("what isn't an object or a list has nothing in it", () => {
    for (const text of ['"x"', "1", "true"]) expect([whole(text).members().size, whole(text).items()]).toEqual([0, []]);
  });

  test.each([
    ...[
      "",
      " ",
      "{",
      "[",
      '"',
      "{]",
      "[}",
      "[1,]",
      '{"a":1,}',
      '{"a" 1}',
      "{a:1}",
      "{1:1}",
      "[1 2]",
      "1 2",
      "[]]",
      "[,1]",
    ],
    ...["01", "-", "1.", ".5", "+1", "1e", "1e+", "0x1", "NaN", "tru", "True", "nul", "truely"],
    ...['"\t"', '"\\x"', '"\\u12g4"', '"\\u12', "'a'", '{"a":1}x', "/* */ 1"],
  ])("%j is none", (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => whole(text)).toThrow(JsonError);
  });

  test("what is nested without end is refused, not a crash", () => {
    expect(() => whole("[".repeat(100_000) + "]".repeat(100_000))).toThrow(JsonError);
  });
});

const random = new Random(607);
const space = () => random.one(["", "", " ", "\n  ", "\t", "\r\n"]);
const strings = [
  '"a"',
  '"é"',
  '"\\u00e9"',
  '"\\n"',
  '"\\/"',
  '"<&>"',
  '"\\u003c"',
  '"😀"',
  '"\\ud83d\\ude00"',
  '""',
  '"\\\\\\""',
];
const numbers = ["0", "-0", "1.0", "1e5", "1E+5", "12345678901234567890", "0.1000", "-1.5e-7"];

/** JSON with all that a writer may choose. */
function sample(depth: number): string {
  const kind = depth === 0 ? 0 : random.below(3);
  if (kind === 0) return random.one([...strings, ...numbers, "true", "false", "null"]);
  const count = random.below(4);
  const inside = Array.from({ length: count }, (_, index) => {
    const value = `${space()}${sample(depth - 1)}${space()}`;
    return kind === 1
      ? value
      : `${space()}"k${(index * 7) % 5}${random.one(["", "é", "\\u00e9x", "\\n"])}${index}"${space()}:${value}`;
  });
  const [open, close] = kind === 1 ? "[]" : "{}";
  return `${open}${count === 0 ? space() : ""}${inside.join(",")}${close}`;
}

/** The same by another program: members by name, numbers as they are. */
function expected(text: string): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null || "isLosslessNumber" in value) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
  };
  return stringify(sorted(parse(text))) ?? "";
}

test("one form for what is the same, over 2,000 samples, and damage is found", () => {
  for (let round = 0; round < 2_000; round += 1) {
    const text = sample(5);
    expect(Buffer.from(canonicalBytes(whole(text))).toString()).toBe(expected(text));
    const at = random.below(text.length);
    const damaged =
      text.slice(0, at) + random.one(["", "}", "]", ",", '"', "\\", ":", "e", "\u0001"]) + text.slice(at + 1);
    let isJson = true;
    try {
      JSON.parse(damaged);
    } catch {
      isJson = false;
    }
    const found = () => whole(damaged);
    if (isJson) expect(found).not.toThrow();
    else expect(found).toThrow(JsonError);
  }
});
