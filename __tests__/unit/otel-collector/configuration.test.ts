import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readManifest } from "../../../local/collector/binary";
import { collectorConfiguration, collectorYaml } from "../../../otel-collector/configuration";
import { goMemoryLimit, memoryLimiter } from "../../../otel-collector/memory";
import { collectorOptions } from "../../../otel-collector/options";
import { otelCollector } from "../../../services/otel-collector";
import { synth } from "../../../tools/testing";
import { project } from "../../support/project";

const options = collectorOptions({}, { honeycomb: { region: "us" } });
const configuration = collectorConfiguration(options);
const text = collectorYaml(options);
const dockerfile = readFileSync(join(project, "otel-collector", "Dockerfile"), "utf8");

test("it listens where target group, task definition and Service Connect are, on all interfaces", () => {
  const { app, network } = synth();
  const { port, health_check: probe } = network.resource("aws_lb_target_group.otel_collector_tg");
  const [container] = app.resource("aws_ecs_task_definition.otel_collector").container_definitions as {
    portMappings: { containerPort: number }[];
  }[];
  const [{ client_alias: alias }] = app.resource("aws_ecs_service.otel_collector").service_connect_configuration
    .service;
  const listens = [
    configuration.receivers.otlp.protocols.http.endpoint,
    configuration.extensions.health_check.endpoint,
  ];
  expect(listens).toEqual([`0.0.0.0:${alias.port}`, `0.0.0.0:${probe.port}`]);
  expect(container?.portMappings.map(({ containerPort }) => `0.0.0.0:${containerPort}`)).toEqual(listens);
  expect(port).toBe(4318);
  // Its own answer is at `/`.
  expect(probe.path).toBe("/");
  expect(dockerfile).toMatch(/^EXPOSE 4318 13133$/m);
});

test("it reads the variables that the task definition gives it, and no others", () => {
  const [{ environment, secrets = [] }] = otelCollector.containers;
  const given = [...Object.keys(environment?.({ domain: "", region: "" }) ?? {}), ...secrets];
  expect([...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name)).toEqual(given);
  expect(text.match(/\$/g)).toHaveLength(given.length);
});

test("the memory limiter comes first and batches after it; only traces, only to Honeycomb", () => {
  expect(configuration.service.pipelines).toEqual({
    traces: { receivers: ["otlp"], processors: ["memory_limiter", "batch"], exporters: ["otlp_http"] },
  });
  expect(Object.keys(configuration.receivers.otlp.protocols)).toEqual(["http"]);
});

test("the task's memory is enough for the limits, with Service Connect's proxy", () => {
  const left = otelCollector.memoryMiB - 64;
  expect(memoryLimiter.limit).toBeLessThan(goMemoryLimit);
  expect(goMemoryLimit).toBeLessThan(left);
  expect(memoryLimiter.spike).toBe(memoryLimiter.limit / 5);
  expect(dockerfile).toContain(`ENV GOMEMLIMIT=${goMemoryLimit}MiB\n`);
});

test("a span that was taken is tried for longer than the outage that fills the queue, a batch a second", () => {
  const { sending_queue: queue, retry_on_failure: retry } = configuration.exporters.otlp_http;
  expect(retry.max_elapsed_time).toBe("10m");
  expect(queue.queue_size).toBeGreaterThan(10 * 60);
});

test("the load balancer closes an idle connection first, after its 60 s", () => {
  expect(configuration.receivers.otlp.protocols.http.idle_timeout).toBe("5m");
});

test("the YAML is the same, and names no anchors", () => {
  expect(parse(text)).toEqual(JSON.parse(JSON.stringify(configuration)));
  expect(text).not.toMatch(/[&*]a\d/);
});

test("the image and the collector of the tests are of one version, with every component that is named", () => {
  const manifest = readManifest(project);
  expect(dockerfile).toContain(`FROM docker.io/otel/opentelemetry-collector:${manifest.dist.version}\n`);
  const built = JSON.stringify(manifest);
  const named = {
    ...configuration.receivers,
    ...configuration.processors,
    ...configuration.exporters,
    ...configuration.extensions,
  };
  for (const name of Object.keys(named)) expect(built).toContain(name.replaceAll("_", ""));
  const versions = [...built.matchAll(/ v(0\.\d+\.\d+)"/g)].map(([, version]) => version);
  expect(new Set(versions)).toEqual(new Set([manifest.dist.version]));
});
