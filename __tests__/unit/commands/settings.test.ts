import { runProcess } from "../../../lib/run-process";
import { settingLeaves } from "../../../settings/leaves";
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
      .filter((line) => !line.startsWith(" "))
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

  test("says what each is for and what is allowed, as the schema does; of one or a group on demand", async () => {
    const all = await run();
    for (const { purpose, allowed } of settingLeaves) {
      expect(all.stdout).toContain(`\n    ${purpose}\n    Allowed: ${allowed}`);
    }
    const some = await run("authz", "backend.keys");
    const names = some.stdout.split("\n").flatMap((line) => /^[a-z][\w.]*/.exec(line) ?? []);
    expect(names).toEqual(["authz", "backend.keys.network", "backend.keys.app", "backend.keys.images"]);
    expect(await run("bakend")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: 'Error: There is no setting "bakend": did you mean backend?\n',
    });
  });
});
