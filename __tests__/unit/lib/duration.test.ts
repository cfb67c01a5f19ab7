import { milliseconds } from "../../../lib/duration";

test.each([
  ["1s", 1_000],
  ["90s", 90_000],
  ["15m", 900_000],
  ["1h", 3_600_000],
])("%s", (text, expected) => {
  expect(milliseconds(text, "--timeout")).toBe(expected);
});

test.each(["", "5", "0s", "-1s", "1.5m", "1d", "5 m", "m", "501h", "999999h"])("%j is refused", (text) => {
  expect(() => milliseconds(text, "--timeout")).toThrow(
    `--timeout is ${JSON.stringify(text)}: give a number with s, m or h up to 500h, such as "15m".`,
  );
});
