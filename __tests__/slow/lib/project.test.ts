import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { callersFolder, project } from "../../../lib/project";
import { projectFiles } from "../../../tools/clone-project";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "elsewhere-")));
afterAll(() => rmSync(folder, { recursive: true }));

/** Settings in a file that is found from the project's folder alone. */
const settingsFile = join(folder, "team", "settings.json");
mkdirSync(join(folder, "team"));
writeFileSync(settingsFile, JSON.stringify({ authz: false }));

function run(cwd: string, command: string, ...args: string[]) {
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { PATH, HOME, CRUDDUR_SETTINGS: relative(project, settingsFile), CDKTF_OUTDIR: join(folder, "out") },
  });
  return { status, stdout, stderr };
}

describe.each([
  ["the project's folder", project],
  ["a folder in it", join(project, "docs", "decisions")],
  ["a folder elsewhere", folder],
])("commands that are called from %s", (_where, cwd) => {
  test("read the settings", () => {
    const settings = run(cwd, "node", join(project, "tools", "run.mjs"), "commands/settings.ts", "--json");
    expect(JSON.parse(settings.stdout)).toMatchObject({ authz: false });
    const logs = run(cwd, join(project, "bin", "ecs", "logs"), "?");
    expect(logs.stderr).toMatch(/^Error: There is no service "\?": there are backend-flask, frontend-react-js/);
  });

  test("synthesize the same", () => {
    const { status, stderr } = run(cwd, "node", join(project, "tools", "run.mjs"), "main.ts");
    expect([status, stderr]).toEqual([0, ""]);
    const synthesized = readFileSync(join(folder, "out", "stacks", "app", "cdk.tf.json"), "utf8");
    expect(JSON.parse(synthesized).terraform.backend.local.path).toBe(
      relative(join(folder, "out", "stacks", "app"), join(project, "terraform.app.tfstate")),
    );
  });
});

describe("relative paths on the command line", () => {
  const name = "network.json";
  mkdirSync(join(folder, "plans"));
  writeFileSync(join(folder, "plans", name), JSON.stringify({ format_version: "1.2", resource_changes: [] }));

  test.each([
    [
      "bin-like, from the folder",
      () => run(join(folder, "plans"), "node", join(project, "tools", "run.mjs"), "commands/explain.ts", name),
    ],
    [
      "npm run, from the folder",
      () => run(join(folder, "plans"), "npm", "--prefix", project, "run", "--silent", "explain", "--", name),
    ],
  ])("count from where the user called: %s", (_way, explain) => {
    expect(explain()).toEqual({ status: 0, stdout: "network: nothing changes.\n", stderr: "" });
  });

  test("of a command below another npm script count from its own folder", () => {
    const entry = join(project, "commands", "explain.ts");
    const under = (script: string, cwd = project) =>
      callersFolder({ INIT_CWD: "/called", npm_lifecycle_script: script }, { cwd, entry });
    expect(under("node tools/run.mjs commands/explain.ts")).toBe("/called");
    expect(under("jest --selectProjects unit")).toBe(project);
    expect(under("node tools/run.mjs commands/explain.ts", "/elsewhere")).toBe("/elsewhere");
    expect(callersFolder({}, { cwd: "/here", entry })).toBe("/here");
  });
});

test("no other source asks where it is", () => {
  const asking = projectFiles(project)
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !/^(__tests__|authz|frontend)\/|^jest\.config\.js$/.test(file))
    .filter((file) =>
      /process\.(cwd|chdir)\b|\b__(dirname|filename)\b/.test(readFileSync(join(project, file), "utf8")),
    );
  expect(asking.sort()).toEqual(["lib/project.ts", "tools/run.mjs"]);
});
