import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { startOf } from "./process-identity";

/**
 * Does some work while other processes that want the same wait: tests run side by side.
 * @param lockFile there for as long as the work takes, with the process's number and start in it
 */
export async function alone(lockFile: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(lockFile), { recursive: true });
  while (!locked(lockFile)) await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 150));
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/**
 * Does some work that only one process may do, or refuses it.
 * @param refuse gets the number of the process that is at it
 */
export async function aloneOrRefused<Result>(
  lockFile: string,
  refuse: (pid: number) => Error,
  work: () => Promise<Result>,
): Promise<Result> {
  mkdirSync(dirname(lockFile), { recursive: true });
  while (!locked(lockFile)) {
    const other = holder(lockFile);
    if (other?.isAlive) throw refuse(other.pid);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** The process that a lock is of; undefined where there is none. A number that was given again is not its holder's. */
function holder(lockFile: string): { readonly pid: number; readonly isAlive: boolean } | undefined {
  try {
    const [number, ...start] = readFileSync(lockFile, "utf8").split(" ");
    const pid = Number(number);
    const now = startOf(pid);
    return { pid, isAlive: now !== undefined && now === start.join(" ") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** Makes a lock that is there with its content at once: an empty one would tell nobody whose it is. */
function isTaken(lockFile: string): boolean {
  const own = `${lockFile}.${process.pid}.${randomUUID()}`;
  writeFileSync(own, `${process.pid} ${startOf(process.pid)}`);
  try {
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function locked(lockFile: string): boolean {
  if (isTaken(lockFile)) return true;
  // Its process has ended without taking it away.
  if (isDead(lockFile)) removeDead(lockFile);
  return false;
}

function isDead(lockFile: string): boolean {
  return holder(lockFile)?.isAlive === false;
}

/**
 * Takes a dead lock away. Only one process may at a time: between another's look and its removal, the lock can have become a
 * living one's. Who dies in between leaves a lock on the removal, which is taken away by the same rule.
 */
function removeDead(lockFile: string): void {
  const removal = `${lockFile}.removal`;
  if (!isTaken(removal)) {
    if (isDead(removal)) removeDead(removal);
    return;
  }
  try {
    if (isDead(lockFile)) rmSync(lockFile, { force: true });
  } finally {
    rmSync(removal, { force: true });
  }
}
