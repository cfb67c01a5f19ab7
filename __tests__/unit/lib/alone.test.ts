import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alone } from "../../../lib/alone";

const folder = mkdtempSync(join(tmpdir(), "alone-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one works at a time, the next after it, and the lock is gone afterwards", async () => {
  const lock = join(folder, "sub", "work.lock");
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await new Promise((resolve) => setTimeout(resolve, 20));
    working -= 1;
  };
  await Promise.all([alone(lock, work), alone(lock, work), alone(lock, work)]);
  expect([most, working, existsSync(lock)]).toEqual([1, 0, false]);
});

test("work that fails leaves no lock", async () => {
  const lock = join(folder, "failing.lock");
  await expect(alone(lock, () => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");
  expect(existsSync(lock)).toBe(false);
});

test("the lock of a process that has ended holds nobody up", async () => {
  const lock = join(folder, "left.lock");
  // Above the highest number that Linux gives.
  writeFileSync(lock, String(2 ** 22 + 1));
  let done = false;
  await alone(lock, async () => {
    done = true;
  });
  expect(done).toBe(true);
});
