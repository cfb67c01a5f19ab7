/** The image's own entry point: what becomes of requests when ECS stops the task. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../support/load";
import { until, untilAsync } from "../../support/processes";
import { project } from "../../support/project";
import { send } from "../../support/raw-http";
import { type LocalRequestPath, startRequestPath } from "../../support/request-path";

const minute = 60_000;
let path: LocalRequestPath | undefined;
let loadEnd = new AbortController();
beforeEach(() => {
  loadEnd = new AbortController();
});
afterEach(() => {
  loadEnd.abort();
  return path?.stop();
});

test(
  "under load no request fails from SIGTERM to the end, one that is under way for long neither",
  async () => {
    path = await startRequestPath("ext_authz", {
      byEntrypoint: true,
      record: false,
      environment: { DRAIN_SECONDS: "3", DRAIN_LIMIT_SECONDS: "10" },
    });
    const { envoy, pool, backend } = path;
    const slowMs = 5000;
    let answered = 0;
    backend.answer = ({ url }, response) => {
      answered += 1;
      setTimeout(() => response.end("ok"), url?.includes("slow") ? slowMs : 5);
    };
    const more = (count: number, when: string) => {
      const enough = answered + count;
      return until(() => answered >= enough, `${count} answers ${when}`);
    };
    const authorization = `Bearer ${pool.token("alice")}`;
    const loading = load({
      port: envoy.port,
      workers: 8,
      headers: () => ({ authorization }),
      signal: loadEnd.signal,
    });
    await more(100, "before it is told to end");
    const slow = send(envoy.port, { path: "/api/slow" });
    await path.stats((figures) => (figures["http.ingress.downstream_rq_active"] ?? 0) > 1);

    const stopping = Date.now();
    envoy.signal("SIGTERM");
    const health = async () => (await send(envoy.port, { path: "/api/health-check" })).status;
    // Requests go on coming until the load balancer has seen the check fail twice.
    for (const _time of [1, 2]) await untilAsync(async () => (await health()) === 503, "a failing health check");
    await more(100, "while it drains");
    loadEnd.abort();
    const { answers, failures } = await loading;
    expect(failures).toEqual({});
    expect(answers).toBeGreaterThan(200);
    // It listens no more, while the slow one is still under way.
    await untilAsync(
      () =>
        send(envoy.port).then(
          () => false,
          () => true,
        ),
      "the end of listening",
    );
    expect((await slow).status).toBe(200);
    expect((await slow).milliseconds).toBeGreaterThanOrEqual(slowMs - 50);
    expect(await envoy.exited).toBe(0);
    expect(Date.now() - stopping).toBeLessThan(12_000);
  },
  minute,
);

test(
  "asks kept connections to close, from the first answer after SIGTERM",
  async () => {
    path = await startRequestPath("jwt_authn", { byEntrypoint: true, environment: { DRAIN_SECONDS: "2" } });
    const { envoy } = path;
    const kept = () => fetch(`http://127.0.0.1:${envoy.port}/api/a`);
    expect((await kept()).headers.get("connection")).not.toBe("close");
    envoy.signal("SIGTERM");
    await untilAsync(async () => (await kept()).headers.get("connection") === "close", "connections to be closed");
    expect(await envoy.exited).toBe(0);
  },
  minute,
);

test(
  "a request that doesn't end is cut off in time for ECS",
  async () => {
    path = await startRequestPath("jwt_authn", {
      byEntrypoint: true,
      environment: { DRAIN_SECONDS: "1", DRAIN_LIMIT_SECONDS: "2" },
    });
    path.backend.answer = () => {};
    const endless = send(path.envoy.port).catch(() => "cut off");
    await path.stats((figures) => (figures["http.ingress.downstream_rq_active"] ?? 0) > 0);
    const stopping = Date.now();
    path.envoy.signal("SIGTERM");
    expect(await path.envoy.exited).toBe(0);
    expect(Date.now() - stopping).toBeGreaterThan(2500);
    expect(Date.now() - stopping).toBeLessThan(8000);
    expect(await endless).toBe("cut off");
  },
  minute,
);

test("the waits of the image add up to less than ECS's stop timeout", () => {
  const script = readFileSync(join(project, "envoy", "entrypoint.sh"), "utf8");
  const seconds = [...script.matchAll(/DRAIN_(?:LIMIT_)?SECONDS:-(\d+)/g)].map(([, value]) => Number(value));
  expect(seconds).toHaveLength(2);
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, stopTimeout
  expect(seconds.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(26);
});
