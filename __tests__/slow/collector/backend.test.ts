/** The setting backendTraces, with the real SDKs of a Python app and the variables of the task definition. */
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { pythonToolCommand } from "../../../lib/python-tool";
import { runProcess } from "../../../lib/run-process";
import { type BackendTraces, backendFlaskWith } from "../../../services/backend-flask";
import { honeycombEndpoints } from "../../../services/names";
import { until } from "../../support/processes";
import { project } from "../../support/project";
import { domain, key, type LocalTracePath, startTracePath } from "../../support/traces";

const fixtures = join("__tests__", "fixtures");
let python: string;
let path: LocalTracePath;

beforeAll(async () => {
  python = await pythonToolCommand(
    project,
    {
      name: "backend-sdks",
      command: "python3",
      probe: ["-c", "import aws_xray_sdk, opentelemetry.exporter.otlp.proto.http, opentelemetry.sdk"],
      requirements: join(fixtures, "backend-traces.requirements.txt"),
      purpose: "the backend's traces",
    },
    () => {},
  );
  path = await startTracePath();
}, 1_200_000);
afterAll(() => path?.stop());

/** Runs the app's part with the container's variables. @returns how much came to the X-Ray daemon's place */
async function traceOneRequest(backendTraces: BackendTraces): Promise<{ datagrams: string[] }> {
  const datagrams: string[] = [];
  const daemon = createSocket("udp4", (datagram) => datagrams.push(datagram.toString()));
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  try {
    const [{ environment, secrets = [] }] = backendFlaskWith({ backendTraces }).containers;
    const { OTEL_EXPORTER_OTLP_ENDPOINT: deployed = "", ...variables } =
      environment?.({ domain, region: "eu-central-1" }) ?? {};
    // The names of the deployed system, as they are here.
    const local: Readonly<Record<string, string>> = {
      [honeycombEndpoints.us]: path.honeycomb.endpoint,
      "http://otel-collector.cruddur:4318": `http://127.0.0.1:${path.collector.otlpPort}`,
    };
    const { exitCode, stderr } = await runProcess(python, [join(fixtures, "backend-traces.py")], {
      cwd: project,
      environment: {
        PATH: process.env.PATH,
        ...variables,
        ...(secrets.includes("OTEL_EXPORTER_OTLP_HEADERS") && {
          OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${key}`,
        }),
        OTEL_EXPORTER_OTLP_ENDPOINT: local[deployed],
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      },
    });
    expect([exitCode, stderr]).toEqual([0, ""]);
    // Datagrams come in their order: what the app has sent is there when this is.
    daemon.send("the last", daemon.address().port, "127.0.0.1");
    await until(() => datagrams.at(-1) === "the last", "the last datagram");
    datagrams.pop();
  } finally {
    await new Promise<void>((resolve) => daemon.close(() => resolve()));
  }
  return { datagrams };
}

const limit = 200_000;

test(
  "xray: straight to Honeycomb with the key, and a segment to the daemon",
  async () => {
    const { datagrams } = await traceOneRequest("xray");
    expect(path.honeycomb.exports).toEqual([
      expect.objectContaining({ key, spans: [expect.objectContaining({ name: "GET /api/activities/home" })] }),
    ]);
    expect(datagrams.join()).toContain('"name": "cruddur-backend-flask"');
  },
  limit,
);

test(
  "collector: by the collector, which adds the key; the daemon's place hears nothing",
  async () => {
    path.honeycomb.exports.length = 0;
    const { datagrams } = await traceOneRequest("collector");
    await path.arrived(["GET /api/activities/home"]);
    expect(path.honeycomb.exports).toEqual([
      expect.objectContaining({
        key,
        encoding: "gzip",
        spans: [expect.objectContaining({ name: "GET /api/activities/home" })],
      }),
    ]);
    expect(datagrams).toEqual([]);
  },
  limit,
);
