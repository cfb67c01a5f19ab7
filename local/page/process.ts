/** A page's server as a process that goes on when the command has ended. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { PrivateFolder } from "../../lib/private-folder";
import { UserError } from "../../lib/user-error";

export interface PageProcess {
  readonly project: string;
  /** Where the page has what it shows, and this what it has started. */
  readonly folder: PrivateFolder;
  /** The server's entry point, in the project. It gets an id as its argument, and answers it to `/id`. */
  readonly entry: string;
  /** Of the loopback interface. */
  readonly port: number;
}

interface Started {
  readonly pid: number;
  readonly port: number;
  /** By which the server shows that it is this one. */
  readonly id: string;
}

const startLimitMs = 60_000;

function startedIn(folder: PrivateFolder): Started | undefined {
  const text = folder.read("page.json");
  return text === undefined ? undefined : JSON.parse(text);
}

/** Whether it is this page that answers there, and not another program that has the port by now. */
async function answers({ port, id }: Started): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/id`, { signal: AbortSignal.timeout(2000) });
    return (await answer.text()) === id;
  } catch {
    return false;
  }
}

/** @returns the page's URL; it is started where it doesn't run. @throws UserError where it can't be */
export async function servePage({ project, folder, entry, port }: PageProcess): Promise<string> {
  const url = `http://localhost:${port}`;
  const before = startedIn(folder);
  if (before !== undefined && before.port === port && (await answers(before))) return url;
  await endPage(folder);
  const id = randomUUID();
  const output = openSync(folder.write("page.log", ""), "a");
  const child = spawn(process.execPath, [join(project, "tools", "run.mjs"), entry, id], {
    cwd: project,
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const page: Started = { pid: child.pid ?? 0, port, id };
  folder.write("page.json", JSON.stringify(page));
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(page))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      const said = (folder.read("page.log") ?? "").trim().split("\n").at(-1) || "it said nothing";
      throw new UserError(`The page could not be served on port ${port}: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return url;
}

/** Ends the server, where the process of that number is it. */
export async function endPage(folder: PrivateFolder): Promise<void> {
  const page = startedIn(folder);
  if (page === undefined || !(await answers(page))) return;
  process.kill(page.pid, "SIGTERM");
  const deadline = Date.now() + 5000;
  while ((await answers(page)) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}
