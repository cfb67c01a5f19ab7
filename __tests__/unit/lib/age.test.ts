import { age } from "../../../lib/age";

const now = Date.UTC(2024, 0, 31);

test.each([
  [0, "0 seconds"],
  [1, "1 second"],
  [59, "59 seconds"],
  [60, "1 minute"],
  [7_199, "1 hour"],
  [7_200, "2 hours"],
  [86_400, "1 day"],
  [40 * 86_400, "40 days"],
  // A clock that is behind.
  [-5, "0 seconds"],
])("%d seconds ago is %s", (seconds, words) => {
  expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(words);
});

test("what isn't known is a dash", () => expect(age(null)).toBe("-"));
