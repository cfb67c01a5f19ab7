import { secretSource, secretUses } from "../../../../operations/ecs/secret-sources";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";
const none = { key: "", stage: "", version: "" };

test.each<[string, string, object]>([
  ["a parameter's name", "/a/b", { kind: "parameter", name: "/a/b" }],
  [
    "a parameter's ARN",
    "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b",
    { kind: "parameter", name: "/a/b", region: "eu-west-1" },
  ],
  ["a secret", arn, { kind: "secret", id: arn, region: "eu-central-1", ...none }],
  ["a key", `${arn}:password::`, { kind: "secret", id: arn, ...none, key: "password" }],
  ["a stage", `${arn}::AWSPREVIOUS:`, { kind: "secret", id: arn, ...none, stage: "AWSPREVIOUS" }],
  ["a version", `${arn}:k::v1`, { kind: "secret", id: arn, ...none, key: "k", version: "v1" }],
  ["a secret of the stacks", `${arn.replace("AbCdEf", "\u0000")}:k::`, { kind: "secret", id: "db", key: "k" }],
  ["too few parts", `${arn}:password`, { kind: "other", why: expect.stringContaining("KEY:STAGE:VERSION") }],
  ["stage and version", `${arn}:k:s:v`, { kind: "other", why: expect.stringContaining("not by both") }],
  ["another kind", "arn:aws:s3:::bucket/x", { kind: "other", why: expect.stringContaining("neither") }],
  [
    "another thing of SSM",
    "arn:aws:ssm:eu-west-1:1:document/x",
    { kind: "other", why: expect.stringContaining("neither") },
  ],
  ["nothing that is known", "\u0000", { kind: "unknown" }],
  ["an unknown part", "arn:aws:ssm:eu-west-1:1:parameter/\u0000", { kind: "unknown" }],
])("%s", (_what, text, expected) => expect(secretSource(text)).toMatchObject(expected));

test("every place that ECS reads a secret for", () => {
  const services = [
    {
      name: "orders",
      cluster: "cruddur",
      targets: [],
      task: {
        volumes: [
          { name: "a" },
          {
            name: "b",
            fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter: "/volume" } },
          },
        ],
      },
      containers: [
        {
          name: "orders",
          secrets: [{ name: "A", valueFrom: "/a" }],
          logConfiguration: { secretOptions: [{ name: "key", valueFrom: "/log" }] },
          repositoryCredentials: { credentialsParameter: arn },
        },
        { name: "sidecar" },
      ],
    },
  ];
  expect(secretUses(services).map(({ name, text }) => [name, text])).toEqual([
    ["A", "/a"],
    ["key", "/log"],
    ["registry of orders", arn],
    ["a volume", "/volume"],
  ]);
});
