import { randomBytes } from "node:crypto";
import { type LocalCollector, startLocalCollector } from "../../local/collector/collector";
import { LocalHoneycomb } from "../../local/collector/honeycomb";
import { otelCollector } from "../../services/otel-collector";
import { until } from "./processes";
import { project } from "./project";
import { type RawRequest, type RawResponse, send } from "./raw-http";

export const domain = "cruddur.example.com";
export const key = "hcaik_01j0000000000000000000000000";

/** Time for what goes through two processes' batches, on a machine that has others' work, too. */
const arrivalLimitMs = 60_000;

/** The collector between a sender and what stands in for Honeycomb. */
export interface LocalTracePath {
  readonly honeycomb: LocalHoneycomb;
  readonly collector: LocalCollector;
  /** One request to the OTLP port; by default a POST of traces. */
  send(request: RawRequest): Promise<RawResponse>;
  /** Waits until spans of these names are at Honeycomb. */
  arrived(names: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startTracePath(environment: Readonly<Record<string, string>> = {}): Promise<LocalTracePath> {
  const honeycomb = await new LocalHoneycomb().start();
  try {
    const collector = await startLocalCollector({
      project,
      honeycombEndpoint: honeycomb.endpoint,
      environment: { ...deployedEnvironment(), ...environment },
    });
    const arrived = (names: readonly string[]) =>
      until(() => names.every((name) => honeycomb.spanNames.includes(name)), names.join(), arrivalLimitMs);
    return {
      honeycomb,
      collector,
      send: (request) => send(collector.otlpPort, { method: "POST", path: "/v1/traces", ...request }),
      arrived,
      stop: async () => {
        await collector.stop();
        await honeycomb.stop();
      },
    };
  } catch (error) {
    await honeycomb.stop();
    throw error;
  }
}

/** What the task definition gives the container. */
function deployedEnvironment(): Record<string, string> {
  const [{ environment, secrets = [] }] = otelCollector.containers;
  return {
    ...environment?.({ domain, region: "eu-central-1" }),
    ...Object.fromEntries(secrets.map((name) => [name, key])),
  };
}

export interface Trace {
  /** Hexadecimal. */
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  /** As OpenTelemetry's JavaScript exporters send it. */
  readonly json: string;
}

/** A trace of one span, which holds an attribute. */
export function trace(name: string, attribute = "https://cruddur.example.com/"): Trace {
  const span = browserSpan(name, attribute);
  return { traceId: span.traceId, spanId: span.spanId, name, json: exportRequest([span]) };
}

/** Many spans in one request, as they are when much happens. */
export function traces(count: number, name: string): { readonly names: string[]; readonly json: string } {
  const names = Array.from({ length: count }, (_, index) => `${name}.${index}`);
  return { names, json: exportRequest(names.map((each) => browserSpan(each, "https://cruddur.example.com/"))) };
}

function browserSpan(name: string, attribute: string) {
  return {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name,
    kind: 3,
    startTimeUnixNano: "1700000000000000000",
    endTimeUnixNano: "1700000000250000000",
    attributes: [
      { key: "component", value: { stringValue: "fetch" } },
      { key: "http.method", value: { stringValue: "GET" } },
      { key: "http.status_code", value: { intValue: 200 } },
      { key: "http.user_agent", value: { stringValue: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" } },
      { key: "url.full", value: { stringValue: attribute } },
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    status: { code: 0 },
    links: [],
    droppedLinksCount: 0,
  };
}

function exportRequest(spans: readonly object[]): string {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "frontend-react-js" } }] };
  const scopeSpans = [{ scope: { name: "@opentelemetry/instrumentation-fetch", version: "0.57.0" }, spans }];
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] });
}
