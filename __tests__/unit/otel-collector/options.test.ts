import { collectorOptions } from "../../../otel-collector/options";

const us = { honeycomb: { region: "us" } } as const;

test.each([
  ["us", "https://api.honeycomb.io"],
  ["eu", "https://api.eu1.honeycomb.io"],
] as const)("Honeycomb's region %s is at %s", (region, honeycombEndpoint) => {
  expect(collectorOptions({}, { honeycomb: { region } })).toEqual({ honeycombEndpoint });
});

test.each([
  ["http://localhost:4319", "http://localhost:4319"],
  ["https://otlp.example.com/team/", "https://otlp.example.com/team"],
])("the endpoint %s is taken as %s", (endpoint, honeycombEndpoint) => {
  expect(collectorOptions({ endpoint }, us)).toEqual({ honeycombEndpoint });
});

test.each([
  ["localhost:4319", '"localhost:4319"'],
  ["", '""'],
  ["ftp://a", '"ftp://a"'],
  ["http://a/?b", '"http://a/?b"'],
  ["http://a/ b", '"http://a/ b"'],
  ["http://${env:HOME}", '"http://${env:HOME}"'],
  ["https://user:secret@a", "a URL with user or password"],
])("the endpoint %j is refused", (endpoint, received) => {
  expect(() => collectorOptions({ endpoint }, us)).toThrow(
    `--endpoint is ${received}: give an http(s) URL to which "/v1/traces" can be added`,
  );
});
