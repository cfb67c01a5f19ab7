/** What a big state costs: 10,000 instances, 20 MB of text. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { writeLargeState } from "../../../tools/bench/large-state";
import { project } from "../../support/project";

const limitMiB = 300;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "memory-"));
  writeFileSync(
    join(folder, "peak.cjs"),
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(folder)} + "/peak-" + process.pid, String(process.resourceUsage().maxRSS)));`,
  );
  writeLargeState(10_000, join(folder, "large.tfstate"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns the memory of the command's largest Node process */
async function peakMiB(exitCode: number, command: string, ...args: string[]): Promise<number> {
  const NODE_OPTIONS = `--require ${join(folder, "peak.cjs")}`;
  const environment = { ...process.env, NODE_OPTIONS };
  const result = await runProcess(command, args, { cwd: project, environment });
  expect([result.exitCode, result.stderr]).toEqual([exitCode, expect.not.stringContaining("Error")]);
  const peaks = readdirSync(folder).filter((name) => name.startsWith("peak-"));
  const kibibytes = peaks.map((name) => Number(readFileSync(join(folder, name), "utf8")));
  for (const name of peaks) rmSync(join(folder, name));
  return Math.max(...kibibytes) / 1024;
}

test("a check takes little more than the text", async () => {
  const args = ["--no-plan", "--json", "--from", join(folder, "large.tfstate")];
  expect(await peakMiB(2, join(project, "bin", "state", "check"), ...args)).toBeLessThan(limitMiB);
}, 60_000);

test("so does a split's own part", async () => {
  const args = [join("tools", "run.mjs"), join("tools", "bench", "split.ts"), join(folder, "large.tfstate")];
  expect(await peakMiB(0, process.execPath, ...args)).toBeLessThan(limitMiB);
}, 60_000);
