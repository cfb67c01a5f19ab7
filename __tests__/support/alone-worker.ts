/**
 * One of many processes that want the same lock: `LOCK INSIDE ROUNDS`. Each look at a lock and what is done for it lie far apart
 * here, as on a busy machine, and now and then the lock of a process that has ended is left behind.
 */
import fs from "node:fs";

const [lock = "", inside = "", rounds = "0"] = process.argv.slice(2);
const sleep = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const { rmSync } = fs;
fs.rmSync = (path, options) => {
  if (path === lock) sleep(20 + Math.random() * 60);
  rmSync(path, options);
};

// After the change above.
const { alone } = require("../../lib/alone") as typeof import("../../lib/alone");

function leaveDeadLock(): void {
  const dead = `${lock}.dead.${process.pid}`;
  // Above the highest number that Linux gives.
  fs.writeFileSync(dead, String(2 ** 22 + 1));
  try {
    fs.linkSync(dead, lock);
  } catch {
    // Another one has it.
  }
}

async function main(): Promise<void> {
  for (let round = 0; round < Number(rounds); round += 1) {
    await alone(lock, async () => {
      // Throws where somebody else is in it.
      fs.mkdirSync(inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      fs.rmdirSync(inside);
    });
    leaveDeadLock();
  }
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
