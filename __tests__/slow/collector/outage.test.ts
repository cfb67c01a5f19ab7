/** What becomes of the spans when Honeycomb is away, memory is short, or the collector itself ends. */
import { readFileSync } from "node:fs";
import { goMemoryLimit } from "../../../otel-collector/memory";
import { otelCollector } from "../../../services/otel-collector";
import { until, untilAsync } from "../../support/processes";
import { key, type LocalTracePath, startTracePath, trace, traces } from "../../support/traces";

const paths: LocalTracePath[] = [];
afterEach(async () => {
  for (const path of paths.splice(0)) await path.stop();
});

async function started(environment: Readonly<Record<string, string>> = {}): Promise<LocalTracePath> {
  const path = await startTracePath(environment);
  paths.push(path);
  return path;
}

const headers = [["Content-Type", "application/json"]] as const;

/** @returns the names of the spans, which the collector has all taken */
async function sendMany({ send }: LocalTracePath, count: number, what: string): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${what} ${index}`);
  for (const name of names) expect((await send({ headers, body: trace(name).json })).status).toBe(200);
  return names;
}

/** Nothing twice either: a batch that was refused is sent again, one that was taken isn't. */
function expectOnce({ honeycomb }: LocalTracePath, names: readonly string[]): void {
  expect([...honeycomb.spanNames].sort()).toEqual([...names].sort());
}

test("nothing is lost while Honeycomb answers 503, nor when it can't be connected to", async () => {
  const path = await started();
  path.honeycomb.status = 503;
  const before = await sendMany(path, 20, "while it answers 503");
  await until(() => path.honeycomb.refused > 1, "a second try");
  await path.honeycomb.stop();
  const meanwhile = await sendMany(path, 20, "while it is gone");
  path.honeycomb.status = 200;
  await path.honeycomb.start();
  const after = await sendMany(path, 5, "when it is back");
  await path.arrived([...before, ...meanwhile, ...after]);
  expectOnce(path, [...before, ...meanwhile, ...after]);
  expect(path.collector.output()).toBe("");
}, 1_200_000);

test("told to end, it hands over what it has", async () => {
  const path = await started();
  const names = await sendMany(path, 50, "just before the end");
  path.collector.signal("SIGTERM");
  expect(await path.collector.exited).toBe(0);
  expectOnce(path, names);
  await expect(fetch(`http://127.0.0.1:${path.collector.healthCheckPort}/`)).rejects.toThrow();
}, 1_200_000);

test("told to end while Honeycomb is away, it ends within ECS's 30 s, and says how much is lost", async () => {
  const path = await started();
  path.honeycomb.status = 503;
  await sendMany(path, 3, "during the outage");
  await until(() => path.honeycomb.refused > 0, "a first try");
  path.collector.signal("SIGTERM");
  const asked = Date.now();
  expect(await path.collector.exited).toBe(0);
  expect(Date.now() - asked).toBeLessThan(30_000);
  const said = path.collector
    .output()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const lost = said.reduce((sum, { dropped_items: items = 0 }) => sum + items, 0);
  expect([lost, path.honeycomb.spanNames]).toEqual([3, []]);
}, 1_200_000);

test("a key that looks like a number is sent as it is; one that Honeycomb refuses is told of, without key and payload", async () => {
  const digits = "00012345678901234567890123456789";
  const path = await started({ HONEYCOMB_API_KEY: digits });
  await sendMany(path, 1, "with a number");
  await path.arrived(["with a number 0"]);
  expect(path.honeycomb.exports[0]?.key).toBe(digits);

  path.honeycomb.status = 401;
  await path.send({ headers, body: trace("secret-name", "https://secret.example/attribute").json });
  await until(() => path.collector.output() !== "", "a word on the refusal");
  const lines = path.collector.output().trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: "error", msg: "Exporting failed. Dropping data.", dropped_items: 1 }),
  ]);
  expect(lines.join()).toContain("401");
  for (const secret of [digits, key, "secret-name", "secret.example"]) expect(lines.join()).not.toContain(secret);
}, 1_200_000);

test("without its variables it takes no page's traces", async () => {
  const path = await started({ HTTPS_FRONTEND_URL: "", HTTP_FRONTEND_URL: "" });
  for (const origin of ["https://cruddur.example.com", "https://evil.example", "null", ""]) {
    const asking = [["Origin", origin] as const, ["Access-Control-Request-Method", "POST"] as const];
    const { headers: answered } = await path.send({ method: "OPTIONS", headers: asking });
    expect([origin, answered["access-control-allow-origin"]]).toEqual([origin, undefined]);
  }
}, 1_200_000);

test("the health check answers on more than localhost", async () => {
  const { collector } = await started();
  // One that isn't 127.0.0.1, which a server on localhost would not answer on.
  const answer = await fetch(`http://127.0.0.2:${collector.healthCheckPort}/`);
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: "Server available" })]);
}, 1_200_000);

test("in a long outage it refuses what it has no memory for, and loses nothing that it took", async () => {
  const path = await started({ GOMEMLIMIT: `${goMemoryLimit}MiB` });
  path.honeycomb.status = 503;
  const accepted: string[] = [];
  let refusals = 0;
  for (let request = 0; refusals === 0 && request < 3000; request += 1) {
    const { names, json } = traces(500, `flood ${request}`);
    const { status } = await path.send({ headers, body: json });
    if (status === 200) accepted.push(...names);
    else {
      expect(status).toBe(503);
      refusals += 1;
    }
  }
  expect(refusals).toBe(1);
  const peakMiB =
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${path.collector.pid}/status`, "utf8"))?.[1]) / 1024;
  expect(peakMiB).toBeLessThan(otelCollector.memoryMiB - 64);
  expect((await fetch(`http://127.0.0.1:${path.collector.healthCheckPort}/`)).status).toBe(200);

  path.honeycomb.status = 200;
  const wanted = new Set(accepted);
  await until(
    () => path.honeycomb.exports.reduce((sum, { spans }) => sum + spans.length, 0) >= wanted.size,
    "all",
    240_000,
  );
  expect(new Set(path.honeycomb.spanNames)).toEqual(wanted);

  // It looks at its memory each second, and goes on refusing until the garbage collector has given the flood's back.
  const statuses: number[] = [];
  await untilAsync(async () => {
    statuses.push((await path.send({ headers, body: trace("afterwards").json })).status);
    return statuses.at(-1) === 200;
  }, "a span that is taken again");
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  await path.arrived(["afterwards"]);
}, 1_200_000);
