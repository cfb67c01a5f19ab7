import type { CloudWatchLogsClient, FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { LogReader, streamPrefixes } from "../../../../operations/ecs/logs";
import { backendFlask } from "../../../../services/backend-flask";

type Input = { logStreamNamePrefix: string; startTime: number; nextToken?: string };

/** CloudWatch with two events a page; more can be written to it. */
function cloudWatch(events: FilteredLogEvent[]) {
  const inputs: Input[] = [];
  const client = {
    config: {},
    send: async ({ input }: { input: Input }) => {
      inputs.push({ ...input });
      const from = Number(input.nextToken ?? 0);
      const own = events.filter(
        ({ logStreamName = "", timestamp = 0 }) =>
          logStreamName.startsWith(input.logStreamNamePrefix) && timestamp >= input.startTime,
      );
      const nextToken = from + 2 < own.length ? String(from + 2) : undefined;
      return { events: own.slice(from, from + 2), nextToken };
    },
  };
  // What the paginator asks for: an instance of the client's class.
  const { CloudWatchLogsClient: Client } = jest.requireActual("@aws-sdk/client-cloudwatch-logs");
  Object.setPrototypeOf(client, Client.prototype);
  return { client: client as unknown as CloudWatchLogsClient, inputs };
}

const event = (id: number, timestamp: number, container = "backend-flask"): FilteredLogEvent => ({
  eventId: String(id),
  timestamp,
  logStreamName: `${container}/${container}/task`,
  message: `message ${id}\n`,
});

test("the streams of a service's containers", () => {
  expect(streamPrefixes(backendFlask)).toEqual(["backend-flask/backend-flask/", "envoy/envoy/", "xray/xray/"]);
  expect(streamPrefixes(backendFlask, "envoy")).toEqual(["envoy/envoy/"]);
});

test("all pages of all containers, in the order of time", async () => {
  const { client } = cloudWatch([event(1, 10), event(2, 30), event(3, 50), event(4, 20, "envoy")]);
  const reader = new LogReader(client, { logGroupName: "g", streamPrefixes: ["backend-flask/", "envoy/"] }, 0);
  expect((await reader.next()).map(({ message, container }) => `${container} ${message}`)).toEqual([
    "backend-flask message 1",
    "envoy message 4",
    "backend-flask message 2",
    "backend-flask message 3",
  ]);
});

test("each event once, and one that comes late as well", async () => {
  const minute = 60_000;
  const events = [event(1, 10 * minute), event(2, 11 * minute)];
  const { client, inputs } = cloudWatch(events);
  const reader = new LogReader(client, { logGroupName: "g", streamPrefixes: ["backend-flask/"] }, 0);
  expect((await reader.next()).length).toBe(2);
  expect(await reader.next()).toEqual([]);
  // Written before what was shown, and shown after it.
  events.push(event(3, 11 * minute - 30_000), event(4, 11 * minute));
  expect((await reader.next()).map(({ message }) => message)).toEqual(["message 3", "message 4"]);
  expect(await reader.next()).toEqual([]);
  expect(inputs.at(-1)?.startTime).toBe(10 * minute);
});
