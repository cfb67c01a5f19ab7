import { KnownSecrets } from "../../../../lib/secrecy/known-secrets";
import { containerChanges, parsedContainers } from "../../../../operations/ecs/container-definitions";

const known = new KnownSecrets(["sensitive-elsewhere"]);
const containers = (...list: object[]) => parsedContainers(JSON.stringify(list)) ?? new Map();
const differences = (before: object, after: object, namesOnly = false) =>
  containerChanges(containers({ name: "a", ...before }), containers({ name: "a", ...after }), known, {
    namesOnly,
  }).flatMap((change) => change.differences);

describe("containerChanges", () => {
  test.each([
    ["image", { image: "x:1" }, { image: "x:2" }, "image x:1 → x:2"],
    ["memory", { memory: 512 }, { memory: 1024 }, "memory 512 → 1024"],
    ["a user that is new", {}, { user: "1337" }, "user none → 1337"],
    [
      "ports",
      { portMappings: [{ containerPort: 80 }] },
      { portMappings: [{ containerPort: 8080 }, { containerPort: 2000, protocol: "udp" }] },
      "ports 80/tcp → 8080/tcp, 2000/udp",
    ],
    [
      "a port's name alone",
      { portMappings: [{ name: "a", containerPort: 80 }] },
      { portMappings: [{ name: "b", containerPort: 80 }] },
      "ports changed",
    ],
    [
      "health check",
      { healthCheck: { command: ["CMD-SHELL", "curl a"] } },
      { healthCheck: { command: ["CMD-SHELL", "curl b"] } },
      'health check "curl a" → "curl b"',
    ],
    [
      "environment, by name alone",
      {
        environment: [
          { name: "GONE", value: "value1" },
          { name: "KEPT", value: "k" },
          { name: "OTHER", value: "value2" },
        ],
      },
      {
        environment: [
          { name: "KEPT", value: "k" },
          { name: "NEW", value: "value3" },
          { name: "OTHER", value: "value4" },
        ],
      },
      "environment + NEW, ~ OTHER, - GONE",
    ],
    [
      "secrets, by name alone",
      { secrets: [{ name: "A", valueFrom: "arn:1" }] },
      {
        secrets: [
          { name: "A", valueFrom: "arn:2" },
          { name: "B", valueFrom: "arn:3" },
        ],
      },
      "secrets + B, ~ A",
    ],
    [
      "a command, which may hold anything",
      { command: ["--key", "value1"] },
      { command: ["--key", "value2"] },
      "command changed",
    ],
    ["an argument that nobody knows", {}, { newThing: { token: "value1" } }, "newThing changed"],
  ])("tells %s", (_what, before, after, text) => {
    expect(differences(before, after)).toEqual([text]);
    expect(text).not.toMatch(/value\d/);
  });

  test.each([
    ["order of keys", { image: "x", user: "1" }, { user: "1", image: "x" }],
    [
      "what ECS adds",
      { portMappings: [{ containerPort: 80 }] },
      {
        cpu: 0,
        mountPoints: [],
        environment: [],
        portMappings: [{ containerPort: 80, hostPort: 80, protocol: "tcp" }],
      },
    ],
    [
      "what ECS takes where nothing is given",
      { healthCheck: { command: ["CMD", "x"] } },
      {
        essential: true,
        privileged: false,
        stopTimeout: 30,
        linuxParameters: { capabilities: { add: [] }, initProcessEnabled: false },
        restartPolicy: { enabled: false, restartAttemptPeriod: 300 },
        versionConsistency: "enabled",
        healthCheck: { command: ["CMD", "x"], interval: 30, timeout: 5, retries: 3, startPeriod: 0 },
      },
    ],
    ["the case of a first letter", { user: "1", dockerLabels: { A: "1" } }, { User: "1", DockerLabels: { A: "1" } }],
    [
      "order where none counts",
      {
        dependsOn: [
          { containerName: "a", condition: "START" },
          { containerName: "b", condition: "START" },
        ],
      },
      {
        dependsOn: [
          { condition: "START", containerName: "b" },
          { containerName: "a", condition: "START" },
        ],
      },
    ],
    [
      "order of the environment",
      {
        environment: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      },
      {
        environment: [
          { name: "B", value: "2" },
          { name: "A", value: "1" },
        ],
      },
    ],
  ])("takes for the same: %s", (_what, before, after) => {
    expect(differences(before, after)).toEqual([]);
  });

  test.each<[string, object, object, string]>([
    ["a zero that isn't the default", { linuxParameters: { swappiness: 0 } }, {}, "linuxParameters changed"],
    ["an essential container that no longer is", {}, { essential: false }, "essential none → false"],
    ["the order of a command", { command: ["a", "b"] }, { command: ["b", "a"] }, "command changed"],
    ["the order of DNS servers", { dnsServers: ["1", "2"] }, { dnsServers: ["2", "1"] }, "dnsServers changed"],
    ["the case of a label", { dockerLabels: { A: "1" } }, { dockerLabels: { a: "1" } }, "dockerLabels changed"],
    ["an empty label", { dockerLabels: { A: "" } }, {}, "dockerLabels changed"],
    [
      "a variable's argument of tomorrow",
      { environment: [{ name: "A", value: "1" }] },
      { environment: [{ name: "A", value: "1", scope: "x" }] },
      "environment ~ A",
    ],
    ["a time to stop", { stopTimeout: 30 }, { stopTimeout: 120 }, "stopTimeout changed"],
  ])("takes for different: %s", (_what, before, after, text) => {
    expect(differences(before, after)).toEqual([text]);
  });

  test("a port of the host is the container's own where they share a network, and one of many on a bridge", () => {
    const [fixed, any] = [
      { portMappings: [{ containerPort: 80, hostPort: 80 }] },
      { portMappings: [{ containerPort: 80 }] },
    ];
    const on = (networkMode: string) =>
      containerChanges(containers({ name: "a", ...fixed }), containers({ name: "a", ...any }), known, { networkMode });
    expect([on("awsvpc"), on("host")]).toEqual([[], []]);
    expect(on("bridge")).toEqual([{ container: "a", differences: ["ports changed"] }]);
  });

  test.each([
    [
      "a health check with a password",
      { healthCheck: { command: ["CMD-SHELL", "curl -u a:hunter22 localhost"] } },
      "health check none → (sensitive)",
    ],
    [
      "two of them",
      { healthCheck: { command: ["CMD", "mysqladmin", "-phunter22", "ping"] } },
      "health check none → (sensitive)",
    ],
    ["an image with what is sensitive elsewhere", { image: "x:sensitive-elsewhere" }, "image none → (sensitive)"],
    [
      "a variable's name with what is sensitive elsewhere",
      { environment: [{ name: "A_sensitive-elsewhere", value: "" }] },
      "environment + A_(sensitive)",
    ],
  ])("withholds %s", (_what, after, text) => {
    expect(differences({}, after)).toEqual([text]);
  });

  test.each([
    ["environment", 5, { a: "b" }],
    ["environment", [null, 1, "x"], null],
    ["portMappings", "x", [null]],
    ["healthCheck", 5, { command: 7 }],
    ["secrets", "x", [[]]],
  ])("makes no sense of a strange %s, and doesn't fail", (name, before, after) => {
    expect(() => differences({ [name]: before }, { [name]: after })).not.toThrow();
  });

  test("tells no value of what is sensitive as a whole", () => {
    const [before, after] = [
      { image: "secret:1", environment: [] },
      { image: "secret:2", environment: [{ name: "A", value: "b" }] },
    ];
    expect(differences(before, after, true)).toEqual(["image changed", "environment + A"]);
    expect(
      containerChanges(containers(), containers({ name: "a", image: "secret" }), known, { namesOnly: true }),
    ).toEqual([{ container: "a", differences: ["new"] }]);
  });

  test("tells containers that come and go", () => {
    expect(containerChanges(containers({ name: "old" }), containers({ name: "new", image: "x" }))).toEqual([
      { container: "new", differences: ["new, image x"] },
      { container: "old", differences: ["gone"] },
    ]);
  });
});

test.each([undefined, null, "not JSON", "(sensitive)", "7"])("parsedContainers knows that %p is no list", (text) => {
  expect(parsedContainers(text)).toBeUndefined();
});
