/** Serves the page until it is ended. It asks the engine, the local AWS and the Honeycomb stand-in anew for each page. */
import { project } from "../../../lib/project";
import { runProcess } from "../../../lib/run-process";
import type { KeptTrace } from "../../collector/honeycomb-server";
import { pageServer } from "../../page/http";
import { keptPicture, pictureAnswer } from "../../page/picture";
import { requestsOf } from "../../page/requests";
import { type ContainerStatus, containerStatuses } from "../containers";
import { SystemFolder, type SystemRecord } from "../record";
import { localUsersOf } from "../token";
import { pageHtml } from "./page";

const [id = ""] = process.argv.slice(2);
const folder = new SystemFolder(project);
const shownRequests = 20;

/** So that a page that is asked for by many browsers doesn't keep the engine busy. */
let looked: { readonly at: number; readonly statuses: Promise<ContainerStatus[]> } | undefined;
function statuses(record: SystemRecord): Promise<ContainerStatus[]> {
  if (looked === undefined || Date.now() - looked.at > 2000) {
    looked = { at: Date.now(), statuses: containerStatuses(record) };
  }
  return looked.statuses;
}

async function log({ name, engine }: SystemRecord): Promise<string> {
  const { stdout } = await runProcess(engine.program, ["logs", "--tail", "400", `${name}-envoy`]);
  return stdout;
}

async function traces({ ports }: SystemRecord): Promise<KeptTrace[]> {
  const answer = await fetch(`http://127.0.0.1:${ports.honeycomb}/traces`, { signal: AbortSignal.timeout(3000) });
  return answer.json();
}

async function page(record: SystemRecord): Promise<string> {
  const [now, text, kept, users] = await Promise.all([
    statuses(record).catch(() => []),
    log(record).catch(() => ""),
    traces(record).catch(() => []),
    localUsersOf(record).catch(() => []),
  ]);
  const requests = requestsOf(text, shownRequests);
  return pageHtml({ record, statuses: now, requests, traces: kept, users, picture: keptPicture(folder) });
}

const server = pageServer(async ({ url }) => {
  const record = folder.record();
  if (record === undefined) return { status: 503, type: "text/plain", body: "The system doesn't run.\n" };
  if (url === "/id") return { type: "text/plain", body: id };
  if (url === "/") return { type: "text/html; charset=utf-8", body: await page(record) };
  return pictureAnswer(url, keptPicture(folder));
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
server.listen(folder.requireRecord().ports.page, "127.0.0.1");
