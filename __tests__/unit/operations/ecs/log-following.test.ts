import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  type FilterLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { LogReader, logLine, servicesOfStream, streamPrefixes } from "../../../../operations/ecs/logs";
import { servicesOf } from "../../../../services";
import { defaultSettings } from "../../../../tools/testing";

const minute = 60_000;
const start = Date.UTC(2024, 0, 1);

/** CloudWatch with pages of two events, the first of which is empty, as its own may be. */
class Logs {
  readonly events: FilteredLogEvent[] = [];
  readonly inputs: FilterLogEventsCommandInput[] = [];
  readonly client = Object.assign(new CloudWatchLogsClient({ region: "eu-central-1" }), {
    send: async ({ input }: { input: FilterLogEventsCommandInput }) => this.answer(input),
  });

  write(timestamp: number, message: string, stream = "web/web/t1"): void {
    this.events.push({ eventId: `e${this.events.length}`, timestamp, message, logStreamName: stream });
  }

  private answer(input: FilterLogEventsCommandInput) {
    this.inputs.push(input);
    const { startTime = 0, logStreamNamePrefix = "", nextToken } = input;
    if (nextToken === undefined) return { events: [], nextToken: "0" };
    const matching = this.events.filter(
      ({ timestamp = 0, logStreamName = "" }) =>
        timestamp >= startTime && logStreamName.startsWith(logStreamNamePrefix),
    );
    const end = Number(nextToken) + 2;
    return {
      events: matching.slice(end - 2, end),
      ...(end < matching.length && { nextToken: String(end) }),
    };
  }
}

function reader(logs: Logs, streams = ["web/web/"]): LogReader {
  // Only what the reader calls is there.
  const client = logs.client as unknown as CloudWatchLogsClient;
  return new LogReader(client, { logGroupName: "g", streamPrefixes: streams, filterPattern: "x" }, start);
}

async function messages(one: LogReader, now: number): Promise<string[]> {
  return (await one.next(now)).map(({ message }) => message);
}

test("streams are PREFIX/CONTAINER/TASK, as the awslogs driver of the task definition names them", () => {
  const [backend] = servicesOf(defaultSettings());
  if (backend === undefined) throw new Error("There is no service");
  expect(streamPrefixes(backend)).toEqual(["backend-flask/backend-flask/", "envoy/envoy/", "xray/xray/"]);
  expect(streamPrefixes(backend, "envoy")).toEqual(["envoy/envoy/"]);
  const [container] = backend.containers;
  const renamed = { ...backend, containers: [{ ...container, logStreamPrefix: "team" }] as const };
  expect(streamPrefixes(renamed)).toEqual(["team/backend-flask/"]);
});

test("a stream is the service's that has such a container; of a sidecar of several, of all of them", () => {
  const services = servicesOf(defaultSettings());
  const [backend, ...others] = services;
  if (backend === undefined) throw new Error("There is no service");
  expect(servicesOfStream(services, "backend-flask/backend-flask/0123")).toEqual(["backend-flask"]);
  expect(servicesOfStream(services, "backend-flask/other/0123")).toEqual([]);
  const twin = { ...backend, name: "twin" };
  expect(servicesOfStream([backend, twin, ...others], "envoy/envoy/0123")).toEqual(["backend-flask", "twin"]);
});

test("without streams it reads the whole group", async () => {
  const logs = new Logs();
  logs.write(start, "web");
  logs.write(start + 1, "side", "side/side/t1");
  const all = new LogReader(logs.client as unknown as CloudWatchLogsClient, { logGroupName: "g" }, start);
  expect(await messages(all, start)).toEqual(["web", "side"]);
  expect(logs.inputs[0]).not.toHaveProperty("logStreamNamePrefix", expect.anything());
});

test("a line has time, container, task and the text without its line end", () => {
  expect(logLine({ timestamp: start, logStreamName: "team/web/0123", message: "GET /\r\n" })).toEqual({
    time: "2024-01-01T00:00:00.000Z",
    container: "web",
    task: "0123",
    message: "GET /",
    stream: "team/web/0123",
  });
});

test("all pages of all containers, by time; events of the same moment in the order they are given", async () => {
  const logs = new Logs();
  for (let n = 0; n < 5; n++) logs.write(start + n * 10, `web ${n}`);
  logs.write(start + 15, "side", "side/side/t1");
  logs.write(start + 40, "web again");
  const one = reader(logs, ["web/web/", "side/side/"]);
  expect(await messages(one, start + minute)).toEqual([
    "web 0",
    "web 1",
    "side",
    "web 2",
    "web 3",
    "web 4",
    "web again",
  ]);
  expect(logs.inputs[0]).toMatchObject({ logGroupName: "g", filterPattern: "x", startTime: start });
});

test("each event once, also those of the same moment and text, and those that come late", async () => {
  const logs = new Logs();
  const one = reader(logs);
  logs.write(start + 5 * minute, "same");
  logs.write(start + 5 * minute, "same");
  expect(await messages(one, start + 6 * minute)).toEqual(["same", "same"]);
  expect(await messages(one, start + 6 * minute)).toEqual([]);
  logs.write(start + 5 * minute - 30_000, "late");
  logs.write(start + 5 * minute, "same");
  expect(await messages(one, start + 6 * minute)).toEqual(["late", "same"]);
  expect(await messages(one, start + 6 * minute)).toEqual([]);
});

test("looks no further back than an event can be late, so that a long watch stays cheap", async () => {
  const logs = new Logs();
  const one = reader(logs);
  for (let n = 0; n < 10; n++) {
    logs.write(start + n * minute, String(n));
    expect(await messages(one, start + n * minute)).toEqual([String(n)]);
  }
  await one.next(start + 10 * minute);
  expect(logs.inputs.at(-1)?.startTime).toBe(start + 8 * minute);
});

test("an event of the future hides none of the present", async () => {
  const logs = new Logs();
  const one = reader(logs);
  logs.write(start + 120 * minute, "clock ahead");
  expect(await messages(one, start + minute)).toEqual(["clock ahead"]);
  logs.write(start + minute, "now");
  expect(await messages(one, start + minute)).toEqual(["now"]);
  expect(await messages(one, start + minute)).toEqual([]);
});
