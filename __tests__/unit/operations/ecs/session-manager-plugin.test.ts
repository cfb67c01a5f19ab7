import { pluginCall, readsSessionFromEnvironment } from "../../../../operations/ecs/session-manager-plugin";

test.each([
  ["1.2.497.0", false],
  ["1.2.463.0", false],
  ["1.1.999.0", false],
  ["1.2", false],
  ["", false],
  ["unknown", false],
  ["1.2.497.1", true],
  ["1.2.553.0", true],
  ["1.3", true],
  ["2", true],
])("version %s reads the session from the environment: %s", (version, does) => {
  expect(readsSessionFromEnvironment(version)).toBe(does);
});

test("the token is in the environment alone", () => {
  const session = { sessionId: "s", streamUrl: "wss://stream.example.com", tokenValue: "secret" };
  const place = {
    region: "eu-central-1",
    profile: "team",
    request: { Target: "ecs:c_t_r" },
    endpoint: "https://ecs.example.com",
  };
  const { args, environment } = pluginCall({ session, ...place });
  expect(args.join(" ")).not.toContain("secret");
  expect(args).toEqual([
    "AWS_SSM_START_SESSION_RESPONSE",
    "eu-central-1",
    "StartSession",
    "team",
    '{"Target":"ecs:c_t_r"}',
    "https://ecs.example.com",
  ]);
  expect(JSON.parse(environment.AWS_SSM_START_SESSION_RESPONSE ?? "")).toEqual(session);
});
