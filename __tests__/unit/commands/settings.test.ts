import { runProcess } from "../../../lib/run-process";
import { settingLeaves } from "../../../settings/load";
import { project } from "../../support/project";

const run = (...args: string[]) =>
  runProcess(process.execPath, ["tools/run.mjs", "commands/settings.ts", ...args], {
    cwd: project,
    environment: { PATH: process.env.PATH, CRUDDUR_AUTHZ: "false" },
  });

describe("npm run settings", () => {
  test("lists each setting with value, origin and variable, those that nobody has set too", async () => {
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stderr]).toEqual([0, ""]);
    const rows = stdout
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(/ {2,}/));
    expect(rows.map(([path]) => path)).toEqual(settingLeaves.map(({ path }) => path));
    expect(rows).toContainEqual(["authz", "false", "CRUDDUR_AUTHZ", "CRUDDUR_AUTHZ"]);
    expect(rows).toContainEqual(["envoy.denialStatus", "401", "default", "CRUDDUR_ENVOY_DENIAL_STATUS"]);
    expect(rows).toContainEqual(["backend.bucket", "-", "default", "CRUDDUR_BACKEND_BUCKET"]);
  });

  test("gives scripts an object", async () => {
    const { stdout } = await run("--json");
    expect(JSON.parse(stdout)).toMatchObject({ authz: false, envoy: { denialStatus: 401 } });
  });
});
