import { containerChanges, parsedContainers } from "../../../explain/container-definitions";

const containers = (...list: object[]) => parsedContainers(JSON.stringify(list)) ?? new Map();
const differences = (before: object, after: object, namesOnly = false) =>
  containerChanges(containers({ name: "a", ...before }), containers({ name: "a", ...after }), namesOnly).flatMap(
    (change) => change.differences,
  );

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

  test("tells no value of what is sensitive as a whole", () => {
    const [before, after] = [
      { image: "secret:1", environment: [] },
      { image: "secret:2", environment: [{ name: "A", value: "b" }] },
    ];
    expect(differences(before, after, true)).toEqual(["image changed", "environment + A"]);
    expect(containerChanges(containers(), containers({ name: "a", image: "secret" }), true)).toEqual([
      { container: "a", differences: ["new"] },
    ]);
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
