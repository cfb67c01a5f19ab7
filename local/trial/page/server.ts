/** Serves the page of a kept trial, with the request path behind it, until it is ended or the local AWS is. */
import { isSameProcess } from "../../../lib/process-identity";
import { project } from "../../../lib/project";
import { type PageAnswer, pageServer } from "../../page/http";
import { keptPicture, pictureAnswer } from "../../page/picture";
import { requestsOf } from "../../page/requests";
import { TrialPlace } from "../leftovers";
import { checksOf, made } from "../path/checks";
import { loggedRequests, untilLogged } from "../path/log";
import { startTrialPath, type TrialPath, whyNoEnvoy } from "../path/path";
import { sendersOf } from "../path/show";
import { alice, signIn } from "../path/user";
import { changePath, type Sending, sendPath, tokenPath, trialPageHtml } from "./page";
import { TrialPageFolder } from "./record";

const [id = ""] = process.argv.slice(2);
const shownRequests = 20;
const awsLookMs = 1000;

async function main(): Promise<void> {
  const folder = new TrialPageFolder(new TrialPlace(project).folder);
  const record = folder.record();
  const { pool, settings } = record;
  const { username } = await signIn(pool);
  const users = [{ username, handle: alice.name }];
  const path: TrialPath | undefined =
    (await whyNoEnvoy(project, () => {})) === undefined ? await startTrialPath({ project, pool, settings }) : undefined;
  const seen = new Map<string, string>();
  const checks = async () => checksOf((await sendersOf(project, pool)).senders, settings);
  const sendings: Omit<Sending, "seen">[] =
    path === undefined
      ? []
      : (await checks()).map(({ expected, ...rest }) => ({ ...rest, expected: expected.join(", ") }));

  const page = (): PageAnswer => ({
    type: "text/html; charset=utf-8",
    body: trialPageHtml({
      record,
      ports: path?.ports,
      sendings: sendings.map((sending) => ({ ...sending, seen: seen.get(sending.name) })),
      requests: requestsOf(`${record.envoyLog}\n${path?.log() ?? ""}`, shownRequests),
      users,
      picture: keptPicture(folder),
    }),
  });
  /** One after the other: some stop the authorizer for a while. */
  let sent: Promise<unknown> = Promise.resolve();
  const send = async (name: string): Promise<PageAnswer | undefined> => {
    const check = (await checks()).find((one) => one.name === name);
    if (check === undefined || path === undefined) return undefined;
    const before = loggedRequests(path.log());
    seen.set(name, (await made(check, path, username)).seen);
    await untilLogged(path.log, before + check.requests.length);
    await path.startAuthorizer();
    return { status: 303, type: "text/plain", body: "", location: "/" };
  };

  const server = pageServer(({ url = "", method }) => {
    if (method === "POST" && url.startsWith(sendPath)) {
      const answer = sent.then(() => send(url.slice(sendPath.length)));
      sent = answer.catch(() => {});
      return answer;
    }
    return answerTo(url);
  });
  const answerTo = async (url: string): Promise<PageAnswer | undefined> => {
    if (url === "/id") return { type: "text/plain", body: id };
    if (url === "/") return page();
    if (url === tokenPath) return { type: "text/plain", body: (await signIn(pool)).accessToken };
    const change = url === changePath ? folder.change() : undefined;
    if (change !== undefined) return { type: "text/html; charset=utf-8", body: change };
    return pictureAnswer(url, keptPicture(folder));
  };
  const end = async () => {
    server.close();
    await path?.stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, end);
  setInterval(() => {
    if (!isSameProcess(record.aws.pid, record.aws.start)) end();
  }, awsLookMs).unref();
  server.listen(record.port, "127.0.0.1");
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
