import type { Finding } from "../../../../state/check/finding";
import { findingsText, grouped } from "../../../../state/check/text";

const finding = (given: Partial<Finding>): Finding => ({
  kind: "argument",
  address: "aws_lb.x",
  stack: "app",
  consequence: "update in place",
  detail: "",
  where: "additions/app.ts",
  lines: [],
  imports: [],
  oldModule: null,
  because: null,
  forcesReplacement: false,
  alsoByOldModule: false,
  constructPath: null,
  sourceFile: null,
  ...given,
});

test("what follows is counted at the cause that it follows from in the end, and listed with --full", () => {
  const list = [
    finding({ address: "a.a", detail: "name: 1 → 2", forcesReplacement: true, consequence: "REPLACE" }),
    finding({ address: "a.a", detail: "arn: unknown", because: "a.a" }),
    finding({ address: "b.b", detail: "ref", because: "a.a" }),
    finding({ address: "c.c", detail: "ref of ref", because: "b.b" }),
    finding({ address: "d.d", detail: "own" }),
  ];
  const text = findingsText(list, false);
  expect(text).toContain("2 differences to settle; 3 more changes follow from them (--full lists them):");
  expect(text).toContain("a.a  [argument] REPLACE; name: 1 → 2 (forces the replacement)");
  expect(text).toContain("follows: 3 changes in 3 objects");
  expect(text).not.toContain("ref of ref");
  expect(findingsText(list, true)).toContain("c.c  update in place; ref of ref");
});

test("what can't be followed to a cause is one, and a circle ends", () => {
  const list = [
    finding({ address: "a.a", because: "b.b" }),
    finding({ address: "b.b", because: "a.a" }),
    finding({ address: "c.c", because: "gone" }),
  ];
  expect(grouped(list).map(({ cause }) => cause.address)).toEqual(["a.a", "b.b", "c.c"]);
});

test("what the old module plans as well stands apart", () => {
  const text = findingsText([finding({ alsoByOldModule: true }), finding({ address: "b.b" })], false);
  expect(text).toMatch(
    /1 difference to settle:\n {2}b\.b.*\n(.*\n)*\n?1 change that the old module plans over its own state as well/,
  );
});

test("names are printed so that a terminal doesn't act on them", () => {
  const text = findingsText(
    [finding({ detail: 'tags.\u001b[31m: "a\u202eb" → nothing', oldModule: "a\nb.tf:1" })],
    false,
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain("tags.\\u001b[31m");
  expect(text).toContain("a\\nb.tf:1");
});
