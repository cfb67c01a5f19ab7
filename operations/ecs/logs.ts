/** What the containers of a service have written, in the order of time. */
import type { CloudWatchLogsClient, FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { ServiceDefinition } from "../../services/definition";

export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly container: string;
  readonly task: string;
  readonly message: string;
  /** Of the awslogs driver: `PREFIX/CONTAINER/TASK`. */
  readonly stream: string;
}

export interface LogQuery {
  readonly logGroupName: string;
  /** Of streams. @default all streams of the group */
  readonly streamPrefixes?: readonly string[];
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  readonly filterPattern?: string;
}

/** How long CloudWatch may take to show what was written before something that it shows already, in milliseconds. */
const lateness = 60_000;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
export function streamPrefixes({ containers }: ServiceDefinition, container?: string): string[] {
  return containers
    .filter(({ name }) => container === undefined || name === container)
    .map(({ name, logStreamPrefix = name }) => `${logStreamPrefix}/${name}/`);
}

/** Which of the services write to a stream: several, where they have a sidecar in common. */
export function servicesOfStream(services: readonly ServiceDefinition[], stream: string): string[] {
  return services
    .filter((service) => streamPrefixes(service).some((prefix) => stream.startsWith(prefix)))
    .map(({ name }) => name);
}

export function logLine({ timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent): LogLine {
  const [, container = "", task = ""] = logStreamName.split("/");
  const time = new Date(timestamp).toISOString();
  return { time, container, task, message: message.trimEnd(), stream: logStreamName };
}

/** Looks again and again, and gives each event once, those that come late as well. */
export class LogReader {
  private readonly seen = new Map<string, number>();
  private from: number;

  /** @param startTime milliseconds since 1970 */
  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly query: LogQuery,
    startTime: number,
  ) {
    this.from = startTime;
  }

  /**
   * What is there and has not been given yet, oldest first.
   * @param now milliseconds since 1970
   */
  async next(now = Date.now(), abortSignal?: AbortSignal): Promise<LogLine[]> {
    const { logGroupName, filterPattern, streamPrefixes: prefixes = [undefined] } = this.query;
    const events: FilteredLogEvent[] = [];
    for (const logStreamNamePrefix of prefixes) {
      const input = { logGroupName, logStreamNamePrefix, filterPattern, startTime: this.from };
      for await (const page of paginateFilterLogEvents({ client: this.client }, input, { abortSignal })) {
        const own = (page.events ?? []).filter(({ logStreamName }) =>
          logStreamName?.startsWith(logStreamNamePrefix ?? ""),
        );
        events.push(...own);
      }
    }
    const news = events.filter(({ eventId, logStreamName, timestamp = 0, message }) => {
      const id = eventId ?? `${logStreamName} ${timestamp} ${message}`;
      if (this.seen.has(id)) return false;
      this.seen.set(id, timestamp);
      return true;
    });
    // By a clock that is ahead, an event can be of the future: what comes of the others must not be passed over for it.
    const newest = news.reduce((latest, { timestamp = 0 }) => Math.max(latest, Math.min(timestamp, now)), this.from);
    this.from = Math.max(this.from, newest - lateness);
    for (const [id, timestamp] of this.seen) if (timestamp < this.from) this.seen.delete(id);
    return news.sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)).map(logLine);
  }
}
