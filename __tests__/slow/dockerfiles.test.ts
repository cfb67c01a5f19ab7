import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { backendAuthz } from "../../services/backend-authz";
import { frontendReactJs } from "../../services/frontend-react-js";
import { envoy } from "../../services/sidecars/envoy";
import { hadolintCommand } from "../../tools/hadolint";
import { project } from "../support/project";

const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*Dockerfile", "*Dockerfile.prod", ":(exclude)__tests__"],
  {
    cwd: project,
    encoding: "utf8",
  },
)
  .trim()
  .split("\n")
  .sort();

describe.each(files)("%s", (file) => {
  const lines = readFileSync(join(project, file), "utf8").split("\n");

  test("has no finding of hadolint", async () => {
    const result = await runProcess(await hadolintCommand(project), [file], {
      cwd: project,
    });
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  }, 180_000);

  test("pins its base images by a full version", () => {
    const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
    expect(bases.length).toBeGreaterThan(0);
    // One is made over the project's own frontend.
    for (const base of bases.filter((base) => base !== "${FRONTEND}"))
      expect(base).toMatch(/:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/);
  });

  test("runs as another user than root", () => {
    const users = lines.flatMap((line) => /^USER (\S+)/.exec(line)?.[1] ?? []);
    expect(users.at(-1)).toMatch(/^[1-9]\d*(:\d+)?$/);
  });
});

test.each([
  ["authz/Dockerfile", backendAuthz.containers[0]],
  ["envoy/Dockerfile", envoy],
  ["frontend/image/Dockerfile.prod", frontendReactJs.containers[0]],
])("%s installs what the task definition's health check calls", (file, { healthCheckCommand = "" }) => {
  // What of it isn't Debian's own.
  const called = ["curl", "wget", "python", "python3", "jq"].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(healthCheckCommand),
  );
  expect(called).toEqual(["curl"]);
  const text = readFileSync(join(project, file), "utf8");
  const lastStage = text.slice(text.lastIndexOf("FROM "));
  expect(lastStage).toMatch(/apt-get install --yes --no-install-recommends curl /);
});

test("there is one for each image that is built here", () => {
  expect(files).toEqual([
    "authz/Dockerfile",
    "envoy/Dockerfile",
    "frontend/image/Dockerfile.prod",
    "local/sample/backend-flask/Dockerfile",
    "local/sample/backend-flask/Dockerfile.prod",
    "local/system/container/aws/Dockerfile",
    "local/system/container/frontend/Dockerfile",
    "local/system/container/honeycomb/Dockerfile",
    "otel-collector/Dockerfile",
  ]);
});
