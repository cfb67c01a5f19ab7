/** When a trial goes on. */
import { wantsKept } from "../../../../local/trial/kept";

test("it goes on where --keep says so, and is never asked about where there is no terminal", async () => {
  expect(await wantsKept(true)).toBe(true);
  const { isTTY } = process.stdin;
  process.stdin.isTTY = false;
  try {
    expect(await wantsKept(false)).toBe(false);
  } finally {
    process.stdin.isTTY = isTTY;
  }
});
