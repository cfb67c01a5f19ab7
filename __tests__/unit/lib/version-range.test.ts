import { allows, meets, versionRange } from "../../../lib/version-range";

test.each([
  ["5.100.0", ["5.100.0"], ["5.99.0", "5.100.1"]],
  ["= 5.100", ["5.100.0"], ["5.100.1"]],
  [">= 4.55.0", ["4.55.0", "7.1.2"], ["4.54.9"]],
  ["> 5.0, < 6.0.0", ["5.0.1", "5.999.0"], ["5.0.0", "6.0.0"]],
  ["<= 5.100.0", ["0.1.0", "5.100.0"], ["5.100.1"]],
  ["~> 6.5", ["6.5.0", "6.66.0"], ["6.4.9", "7.0.0"]],
  ["~> 6.4.0", ["6.4.9"], ["6.5.0"]],
  ["~>5", ["5.0.0", "5.100.0"], ["6.0.0"]],
  ["!= 5.99.0, ~> 5.98", ["5.98.0", "5.100.0"], ["5.99.0"]],
])("%s allows %j and not %j", (constraint, inside, outside) => {
  const range = versionRange(constraint);
  expect(inside.filter((version) => !allows(range, version))).toEqual([]);
  expect(outside.filter((version) => allows(range, version))).toEqual([]);
});

test.each([
  ["~> 6.0", "6.0.0", "6.5.0", true],
  ["~> 6.5", "6.0.0", "6.5.0", false],
  ["< 6", "6.0.0", undefined, false],
  [">= 6.0.0, < 6.0.2, != 6.0.0, != 6.0.1", "0.0.0", undefined, false],
  [">= 6, < 5", "0.0.0", undefined, false],
])("%s meets [%s, %s): %s", (constraint, from, below, does) => {
  expect(meets(versionRange(constraint), from, below)).toBe(does);
});

test("what is no constraint is refused", () => {
  expect(() => versionRange("latest")).toThrow("Not a version constraint: latest");
});
