/** Docker's reading of ignore files, by samples of what it was seen to do; docker-walk.test.ts asks Docker's own code. */
import { rulesOf } from "../../../images/ignore-rules";
import { pathBytes, pathText } from "../../../images/path-text";
import { Random } from "../../support/random";

const isIgnored = (file: string, path: string) => {
  const rules = rulesOf(Buffer.from(file), ".dockerignore");
  return path
    .split("/")
    .reduce<{ isIgnored: boolean; results: readonly boolean[] }>(
      ({ results }, _part, index, parts) => rules.look(parts.slice(0, index + 1).join("/"), results),
      { isIgnored: false, results: [] },
    ).isIgnored;
};

test.each<[string, string, boolean]>([
  ["logs/*", "logs", false],
  ["logs/*", "logs/a", true],
  ["docs\n!docs/deep\ndocs/deep/b.md", "docs/deep/b.md", true],
  ["docs\n!docs/deep\ndocs/deep/b.md", "docs/deep/a.md", false],
  ["**/*.go", "x.go", true],
  ["a**", "ab/c", true],
  ["*.md\r\n!README.md\r\n", "README.md", false],
  ["\ufeff*.md", "a.md", true],
  [" # x", "# x", true],
  ["#x", "#x", false],
  ["/docs/", "docs/a", true],
  ["docs/../uploads", "uploads", true],
  ["?", "\ud83d\ude00", true],
  ["[!a]b", "ab", true],
  ["[^a]b", "ab", false],
  ["c++", "c++", true],
  ["(x)*", "(x)y", true],
  // Go's expressions shine through.
  ["\\d", "7", true],
  ["[[:digit:]]x", "7x", true],
  ["*.a|b", "anything.b", true],
  ["a{2}*", "aab", true],
])("%j and %s: %s", (file, path, expected) => {
  expect(isIgnored(file, path)).toBe(expected);
});

test.each(["[", "!", "a[", "docs\\", "build\\public", "node\\modules", "[z-a]", "[[:nope:]]*", "x".repeat(65_536)])(
  "%.20j is refused, as Docker refuses it",
  (file) => {
    expect(() => isIgnored(file, "docs/a")).toThrow(/^\.dockerignore has a (pattern that can't be read|line of)/);
  },
);

test("a path's bytes are never lost", () => {
  const random = new Random(7);
  const pieces = ["a", "é", "€", "\ud83d\ude00", "\ufffd"].map((one) => Buffer.from(one));
  for (let count = 0; count < 2000; count += 1) {
    const bytes = Buffer.concat(
      Array.from({ length: random.below(6) }, () =>
        random.below(2) === 0 ? random.one(pieces) : Buffer.from([0x80 + random.below(0x80)]),
      ),
    );
    expect(pathBytes(pathText(bytes)).toString("hex")).toBe(bytes.toString("hex"));
  }
});
