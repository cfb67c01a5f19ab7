import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { alone, aloneOrRefused } from "../../../lib/alone";
import { runProcess } from "../../../lib/run-process";

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

test.each([
  // Above the highest number that Linux gives.
  ["of a process that has ended", String(2 ** 22 + 1)],
  ["that nobody has put a number in", ""],
  ["of a process whose number was given again", `${process.pid} then`],
])("a lock %s holds nobody up", async (_whose, text) => {
  const lock = join(folder, "left.lock");
  writeFileSync(lock, text);
  let done = false;
  await alone(lock, async () => {
    done = true;
  });
  expect(done).toBe(true);
});

test("who doesn't want to wait is told which process is at work", async () => {
  const lock = join(folder, "refused.lock");
  const refuse = (pid: number) => new Error(`process ${pid} is at it`);
  await aloneOrRefused(lock, refuse, async () => {
    const second = aloneOrRefused(lock, refuse, async () => {});
    await expect(second).rejects.toThrow(`process ${process.pid} is at it`);
  });
  expect(await aloneOrRefused(lock, refuse, async () => "free again")).toBe("free again");
});

test("many processes that all wait for the lock of one that has ended: never two at once", async () => {
  const worker = join(folder, "worker.cjs");
  const entry = join(__dirname, "..", "..", "support", "alone-worker.ts");
  buildSync({ entryPoints: [entry], outfile: worker, bundle: true, platform: "node", format: "cjs" });
  const lock = join(folder, "contended.lock");
  writeFileSync(lock, String(2 ** 22 + 1));
  const args = [worker, lock, join(folder, "inside"), "4"];
  const ends = await Promise.all(Array.from({ length: 6 }, () => runProcess(process.execPath, args)));
  expect(ends.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(Array(6).fill([0, ""]));
}, 60_000);
