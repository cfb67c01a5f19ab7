/** The page's server as a process that goes on when the command has ended. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../lib/user-error";
import { localUrl } from "../places";
import type { PageRecord, SystemFolder, SystemRecord } from "../record";

/** Whether it is this page that answers there, and not another program that has the port by now. */
async function answers({ port, id }: PageRecord): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/id`, { signal: AbortSignal.timeout(2000) });
    return (await answer.text()) === id;
  } catch {
    return false;
  }
}

/** @returns the page's URL; it is started where it doesn't run. @throws UserError where it can't be */
export async function servePage(project: string, folder: SystemFolder, record: SystemRecord): Promise<string> {
  const url = localUrl(record.ports.page);
  const before = folder.page();
  if (before !== undefined && before.port === record.ports.page && (await answers(before))) return url;
  await endPage(folder);
  const id = randomUUID();
  const output = openSync(folder.write("page.log", ""), "a");
  const child = spawn(process.execPath, [join(project, "tools", "run.mjs"), "local/system/page/server.ts", id], {
    cwd: project,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const page: PageRecord = { pid: child.pid ?? 0, port: record.ports.page ?? 0, id };
  folder.write("page.json", JSON.stringify(page));
  const deadline = Date.now() + 20_000;
  while (!(await answers(page))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const said = (folder.read("page.log") ?? "").trim().split("\n").at(-1) || "it said nothing";
      throw new UserError(`The page could not be served on port ${page.port}: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return url;
}

/** Ends the server, where the process of that number is it. */
export async function endPage(folder: SystemFolder): Promise<void> {
  const page = folder.page();
  if (page === undefined || !(await answers(page))) return;
  process.kill(page.pid, "SIGTERM");
  const deadline = Date.now() + 5000;
  while ((await answers(page)) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}
