import { isNewer, isOlder } from "../../../lib/version";

test.each([
  ["1.9.8", "1.10.0", true],
  ["1.10.0-beta1", "1.10.0", true],
  ["1.10.0", "1.10.0", false],
  ["1.11.0-rc1", "1.10.0", false],
  ["1.2.497.0", "1.2.553.0", true],
  ["1.25", "1.25.3", true],
  ["1.25", "1.25.0", false],
  ["unknown", "0.0.1", true],
  ["", "0.0.1", true],
])("%s is older than %s: %s", (version, than, is) => {
  expect(isOlder(version, than)).toBe(is);
});

test.each([
  ["1.2.497.1", "1.2.497.0", true],
  ["1.2.497.0", "1.2.497.0", false],
  ["1.2", "1.2.497.0", false],
  ["2", "1.2.497.0", true],
  ["unknown", "1.0.0", false],
])("%s is newer than %s: %s", (version, than, is) => {
  expect(isNewer(version, than)).toBe(is);
});
