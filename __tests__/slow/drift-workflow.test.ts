/** The nightly workflow's own steps, run by bash with a plan and a GitHub that say what a test wants. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { actionlintCommand } from "../../tools/actionlint";
import { project } from "../support/project";
import { stepOf, workflowFileOf } from "../support/workflow";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "drift-"));
const file = workflowFileOf("drift");

beforeAll(() => {
  mkdirSync(join(folder, "bin"));
  const programs = {
    npm: '#!/bin/sh\necho "$@" >>"$RUNNER_TEMP/npm.log"\necho "**app: 1 changed in place**"\nexit "$PLAN_CODE"\n',
    gh: '#!/bin/sh\necho "$@" >>"$RUNNER_TEMP/gh.log"\ncase "$*" in *--jq*) [ -z "$OPEN_ISSUE" ] || echo "$OPEN_ISSUE" ;; esac\n',
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, "bin", name), text);
    chmodSync(join(folder, "bin", name), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Plan and Tell, with what the plan ends with and the number of the open issue. */
async function night(PLAN_CODE: string, OPEN_ISSUE = "") {
  for (const name of ["gh.log", "npm.log", "drift.md"]) rmSync(join(folder, name), { force: true });
  const environment = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    RUNNER_TEMP: folder,
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    GITHUB_REPOSITORY: "team/cruddur",
    PLAN_CODE,
    OPEN_ISSUE,
  };
  const script = `${stepOf("drift", "drift", "Plan")}\n${stepOf("drift", "drift", "Tell")}`;
  const { exitCode, stderr } = await runProcess("bash", ["-e", "-c", script], { environment });
  expect(stderr).toBe("");
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
  const calls = read("gh.log").trim().split("\n").slice(1);
  return { exitCode, calls, body: read("drift.md"), plan: read("npm.log") };
}

test(
  "actionlint finds nothing",
  async () => {
    const result = await runProcess(await actionlintCommand(project), [file], { cwd: project });
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  },
  8 * minute,
);

test.each(["2", "3"])("a plan that ends with %s opens an issue, or writes the open one anew", async (code) => {
  const first = await night(code);
  expect([first.exitCode, first.plan]).toEqual([0, "run --silent plan -- --no-lock --locked-providers --markdown\n"]);
  expect(first.body).toMatch(/^<!-- explained drift -->\n[\s\S]*\*\*app: 1 changed in place\*\*/);
  expect(first.calls).toEqual([
    expect.stringMatching(/^api --silent repos\/team\/cruddur\/issues -f title=AWS differs .* -F body=@.*drift\.md$/),
  ]);
  const second = await night(code, "17");
  expect(second.calls).toEqual([
    expect.stringMatching(/^api --silent -X PATCH repos\/team\/cruddur\/issues\/17 -F body=@/),
  ]);
});

test("when nothing differs the open issue is closed; without one nothing is done", async () => {
  expect((await night("0")).calls).toEqual([]);
  expect((await night("0", "17")).calls).toEqual([
    expect.stringMatching(/^api --silent repos\/team\/cruddur\/issues\/17\/comments -f body=Nothing differs/),
    "api --silent -X PATCH repos/team/cruddur/issues/17 -f state=closed",
  ]);
});

test("a plan that fails fails the night, and the issue stays as it is", async () => {
  const { exitCode, calls } = await night("1", "17");
  expect([exitCode, calls]).toEqual([1, []]);
});
