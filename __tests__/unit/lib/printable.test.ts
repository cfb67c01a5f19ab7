import { printable, printableJson } from "../../../lib/printable";

test.each([
  ["plain, äöü, 日本, 🎉", "plain, äöü, 日本, 🎉"],
  ["a\nb\tc\r", "a\\nb\\tc\\r"],
  ["\u001b[31m", "\\u001b[31m"],
  ["\u009b2K", "\\u009b2K"],
  ["a\u202eb", "a\\u202eb"],
  ["\u{e0041}", "\\u{e0041}"],
  ["\ud800", "\\ud800"],
])("%j is shown as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("JSON keeps its value", () => {
  const value = { a: "\u009b \u202e \u{e0041} \n", b: [1, "ä"] };
  const json = printableJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(json)).toEqual(value);
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
