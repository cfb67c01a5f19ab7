/** Times whole commands in turn, so that a machine that drifts drifts for all of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { table } from "../../lib/table";

export interface Candidate {
  readonly name: string;
  /** A command with its arguments, or anything else that can be awaited. */
  readonly run: readonly string[] | (() => Promise<unknown>);
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Before each run, not counted. */
  readonly before?: (round: number) => void;
}

interface Sample {
  readonly seconds: number;
  /** Largest Node process of the command; undefined for what is no command. */
  readonly peakMiB?: number;
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Loaded into every Node process of a measured command. */
const peakProbe = join(folder, "peak.cjs");
writeFileSync(
  peakProbe,
  `process.on("exit", () => require("node:fs").writeFileSync(require("node:path").join(process.env.PEAKS, String(process.pid)), String(process.resourceUsage().maxRSS)));`,
);

async function once({ name, run, cwd, environment }: Candidate): Promise<Sample> {
  const peaks = mkdtempSync(join(folder, "peaks-"));
  const started = performance.now();
  if (typeof run === "function") {
    await run();
    return { seconds: (performance.now() - started) / 1000 };
  }
  const [command = "", ...args] = run;
  const { NODE_OPTIONS = "" } = { ...process.env, ...environment };
  const result = await runProcess(command, args, {
    cwd,
    environment: {
      ...process.env,
      ...environment,
      NODE_OPTIONS: `${NODE_OPTIONS} --require ${peakProbe}`,
      PEAKS: peaks,
    },
  });
  const seconds = (performance.now() - started) / 1000;
  if (result.exitCode !== 0) throw new Error(`${name} failed: ${result.stderr || result.stdout}`);
  const kibibytes = readdirSync(peaks).map((file) => Number(readFileSync(join(peaks, file), "utf8")));
  return { seconds, peakMiB: Math.max(...kibibytes) / 1024 };
}

function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const half = Math.floor((sorted.length - 1) / 2);
  return { min: at(0), median: (at(half) + at(sorted.length - 1 - half)) / 2, max: at(sorted.length - 1) };
}

/** @returns minimum, median and maximum */
export function cells(values: readonly number[], digits: number): string[] {
  const { min, median, max } = spread(values);
  return [min, median, max].map((value) => value.toFixed(digits));
}

/**
 * Runs the candidates in turn, after one round that isn't counted, and prints seconds and peak memory of each, and the
 * ratios to the first one, round by round.
 */
export async function compare(title: string, rounds: number, candidates: readonly Candidate[]): Promise<void> {
  const samples = candidates.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, candidate] of candidates.entries()) {
      process.stderr.write(`${title}: round ${round} of ${rounds}, ${candidate.name}\n`);
      candidate.before?.(round);
      const sample = await once(candidate);
      if (round > 0) samples[index]?.push(sample);
    }
  }
  const [first = []] = samples;
  const rows = candidates.flatMap(({ name }, index) => {
    const own = samples[index] ?? [];
    const ratio = (figure: (sample: Sample) => number) =>
      own.map((sample, round) => figure(sample) / figure(first[round] as Sample));
    const seconds = own.map((sample) => sample.seconds);
    const timeRows = [
      [name, "seconds", ...cells(seconds, 2)],
      ...(index === 0
        ? []
        : [
            [
              name,
              "× time of the first",
              ...cells(
                ratio(({ seconds: own }) => own),
                2,
              ),
            ],
          ]),
    ];
    if (own[0]?.peakMiB === undefined) return timeRows;
    const peak = ({ peakMiB = Number.NaN }: Sample) => peakMiB;
    return [
      ...timeRows,
      [name, "peak MiB", ...cells(own.map(peak), 0)],
      ...(index === 0 ? [] : [[name, "× memory of the first", ...cells(ratio(peak), 2)]]),
    ];
  });
  console.log(`\n${title} (${rounds} rounds)\n${table(["WHAT", "FIGURE", "MIN", "MEDIAN", "MAX"], rows)}`);
}
