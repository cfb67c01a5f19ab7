import type { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { urlsOf } from "../../../../operations/ecs/targets";

const https: Listener = { Protocol: "HTTPS", Port: 443 };
const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });
const path = (...Values: string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });

test.each<[string, Listener, Rule, string | undefined, string[]]>([
  [
    "hosts by paths",
    https,
    { Conditions: [host("a.b", "c.d"), path("/x", "/y/*")] },
    undefined,
    ["https://a.b/x", "https://a.b/y/*", "https://c.d/x", "https://c.d/y/*"],
  ],
  [
    "a port that isn't the usual one",
    { Protocol: "HTTP", Port: 8080 },
    { Conditions: [host("a.b")] },
    undefined,
    ["http://a.b:8080"],
  ],
  [
    "the old form of a condition",
    https,
    { Conditions: [{ Field: "host-header", Values: ["a.b"] }] },
    undefined,
    ["https://a.b"],
  ],
  ["no host: the certificate's", https, { Conditions: [] }, "a.b", ["https://a.b"]],
  ["no host, and no certificate", https, { Conditions: [path("/x")] }, undefined, []],
  ["a header as well", https, { Conditions: [host("a.b"), { Field: "http-header" }] }, undefined, []],
  ["no HTTP", { Protocol: "TLS", Port: 443 }, { Conditions: [] }, "a.b", []],
])("the URLs of a rule: %s", (_, listener, rule, otherwise, urls) => {
  expect(urlsOf(listener, rule, otherwise)).toEqual(urls);
});
