import { readdirSync, readFileSync } from "node:fs";

/** The command lines of the processes whose environment holds a text; this process is not counted. */
export function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(text)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()];
      } catch {
        // It ended meanwhile, or is another user's.
        return [];
      }
    })
    .filter((commandLine) => commandLine !== "");
}

/** How much longer a wait may last than on a quiet machine: a shared one was seen to take three times as long. */
const PATIENCE = process.env.CI ? 5 : 1;

/** Waits until a condition holds; the limit, in milliseconds, is that of a quiet machine. */
export function until(condition: () => boolean, what: string, limitMs?: number): Promise<void> {
  return untilAsync(async () => condition(), what, limitMs);
}

/** Waits until a condition holds that takes a while to tell; the limit as above. */
export async function untilAsync(condition: () => Promise<boolean>, what: string, limitMs = 60_000): Promise<void> {
  const limit = limitMs * PATIENCE;
  const deadline = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${limit} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
