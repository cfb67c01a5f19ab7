import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../../lib/run-process";
import { shellCommand } from "../../../../lib/shell-words";
import { project } from "../../../support/project";

const words = (...args: string[]) => [process.execPath, "tools/run.mjs", "__tests__/support/endings.ts", ...args];

async function ending(...args: string[]) {
  const [command = "", ...rest] = words(...args);
  const { exitCode, stdout, stderr } = await runProcess(command, rest, { cwd: project });
  return [exitCode, stdout, stderr];
}

test.each<[string, string[], unknown[]]>([
  ["what is done", ["done", "text"], [0, "text\n", ""]],
  ["a mistake of the user's", ["mistake", "Give another."], [1, "", "Error: Give another.\n"]],
  [
    "what the disk refuses",
    ["disk", "/a/b"],
    [1, "", "Error: /a/b can't be written: there is no space left on the disk: make room.\n"],
  ],
  ["an unknown option", ["--cuont", "1"], [1, "", "Error: unknown option '--cuont'\n(Did you mean --count?)\n"]],
  ["a mistake of the program's", ["bug", ""], [1, "", expect.stringMatching(/TypeError[\s\S]* at .*endings\.ts:\d+/)]],
])("ends %s", async (_what, args, expected) => {
  expect(await ending(...args)).toEqual(expected);
});

test("what cdktf-cli tells a synth of its own changes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "endings-"));
  const state = join(folder, "empty.tfstate");
  writeFileSync(
    state,
    '{"version":4,"terraform_version":"1.11.0","serial":1,"lineage":"a","outputs":{},"resources":[]}',
  );
  const environment = { ...process.env, SYNTH_HCL_OUTPUT: "true", CDKTF_CONTEXT_JSON: "x" };
  const args = ["tools/run.mjs", "commands/state/check.ts", "--no-plan", "--from", state];
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, args, { cwd: project, environment });
  rmSync(folder, { recursive: true });
  expect([exitCode, stderr]).toEqual([2, expect.not.stringMatching(/^\s+at /m)]);
  expect(stdout).toContain("0 managed instances");
});

test("work goes on when nobody reads what it prints", async () => {
  const folder = mkdtempSync(join(tmpdir(), "endings-"));
  const file = join(folder, "finished");
  const status = join(folder, "status");
  const line = `{ ${shellCommand(words("talk", file))}; echo $? >${status}; } 2>&1 | true; while ! test -s ${status}; do sleep 0.05; done; cat ${status}`;
  const { stdout } = await runProcess("sh", ["-c", line], { cwd: project });
  expect([stdout, existsSync(file)]).toEqual(["0\n", true]);
  rmSync(folder, { recursive: true });
});
