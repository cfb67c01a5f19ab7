import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Does some work while other processes that want the same wait: tests run side by side.
 * @param lockFile there for as long as the work takes, with the process's number in it
 */
export async function alone(lockFile: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(lockFile), { recursive: true });
  while (!locked(lockFile)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function locked(lockFile: string): boolean {
  try {
    const lock = openSync(lockFile, "wx");
    writeSync(lock, String(process.pid));
    closeSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  try {
    const holder = Number(readFileSync(lockFile, "utf8"));
    if (holder > 0) process.kill(holder, 0);
  } catch {
    // Its process has ended without taking it away.
    rmSync(lockFile, { force: true });
  }
  return false;
}
