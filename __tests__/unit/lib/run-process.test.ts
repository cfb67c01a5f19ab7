import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { until } from "../../support/processes";

test("both outputs, line by line, and the exit code", async () => {
  const lines: string[] = [];
  const result = await runProcess("sh", ["-c", "echo out; echo err >&2; exit 7"], {
    onLine: (line) => lines.push(line),
  });
  expect(result).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
  expect(lines.sort()).toEqual(["err", "out"]);
});

test("the standard output goes into a file byte for byte, for the user alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "run-process-"));
  try {
    const stdoutFile = join(folder, "out");
    const result = await runProcess("printf", ["a\\nb"], { stdoutFile });
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(readFileSync(stdoutFile, "utf8")).toBe("a\nb");
    expect(statSync(stdoutFile).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("no such command is 127, no such folder a sentence, a signal 128", async () => {
  expect((await runProcess("no-such-command-at-all", [])).exitCode).toBe(127);
  await expect(runProcess("true", [], { cwd: "/no/such/folder" })).rejects.toThrow(
    "There is no folder /no/such/folder",
  );
  expect((await runProcess("sh", ["-c", "kill -9 $$"])).exitCode).toBe(128);
});

test("an abort ends what the command has started too", async () => {
  const abort = new AbortController();
  let pid = 0;
  // A shell's background commands ignore SIGINT: this one outlives the shell and keeps its output open.
  const running = runProcess("sh", ["-c", "sleep 60 & echo started; wait"], {
    signal: abort.signal,
    onStart: (started) => {
      pid = started;
    },
    onLine: () => abort.abort(),
  });
  expect((await running).exitCode).not.toBe(0);
  // The group is gone with everything in it, once the system has collected the orphan.
  const groupIsGone = () => {
    try {
      return !process.kill(-pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
  };
  await until(groupIsGone, "the end of the process group", 10_000);
});
