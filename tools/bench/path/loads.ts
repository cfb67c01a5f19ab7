/** Loads in turn, so that a machine that drifts drifts for all of them. */
import { table } from "../../../lib/table";
import { cells } from "../measure";
import { cpuSeconds } from "./processes";
import { type Load, runLoad } from "./wrk";

type Part = "envoy" | "authorizer" | "backend";

export interface Candidate {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  /** Process ids of what takes part. */
  readonly processes: Readonly<Partial<Record<Part, number>>>;
}

interface Sample {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** What the parts took of one CPU. */
  readonly cpu: Readonly<Partial<Record<Part, number>>>;
  /** Microseconds of CPU that the parts took together for a request. */
  readonly cpuMicros: number;
}

async function once(project: string, { port, path, processes }: Candidate, load: LoadOptions): Promise<Sample> {
  const parts = Object.entries(processes) as [Part, number][];
  const before = parts.map(([, pid]) => cpuSeconds(pid));
  const { requests, seconds, p99Ms } = await runLoad(project, { port, path, ...load });
  const used = parts.map(([part, pid], index) => {
    const [from, to] = [before[index], cpuSeconds(pid)];
    return [part, from === undefined || to === undefined ? Number.NaN : (to - from) / seconds] as const;
  });
  const perSecond = requests / seconds;
  const cpuMicros = (used.reduce((sum, [, cpus]) => sum + cpus, 0) / perSecond) * 1e6;
  return { perSecond, p99Ms, cpu: Object.fromEntries(used), cpuMicros };
}

export type LoadOptions = Pick<Load, "tokensFile" | "connections" | "seconds">;

/**
 * Loads the candidates in turn, after one round that isn't counted, and prints requests a second, their ratios to the
 * first two round by round, latency and CPU.
 */
export async function compareLoads(
  project: string,
  title: string,
  rounds: number,
  candidates: readonly Candidate[],
  load: LoadOptions,
): Promise<void> {
  const samples = candidates.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, candidate] of candidates.entries()) {
      process.stderr.write(`${title}: round ${round} of ${rounds}, ${candidate.name}\n`);
      const sample = await once(project, candidate, load);
      if (round > 0) samples[index]?.push(sample);
    }
  }
  const rows = candidates.flatMap((candidate, index) => rowsOf(candidate, samples[index] ?? [], samples));
  const heading = `${title} (${rounds} rounds of ${load.seconds} s, ${load.connections} connections)`;
  console.log(`\n${heading}\n${table(["WHAT", "FIGURE", "MIN", "MEDIAN", "MAX"], rows)}`);
}

function rowsOf(
  { name, processes }: Candidate,
  samples: readonly Sample[],
  [first = [], second = []]: readonly (readonly Sample[])[],
): string[][] {
  const row = (figure: string, digits: number, value: (sample: Sample, round: number) => number) => [
    figure,
    ...cells(samples.map(value), digits),
  ];
  const ratios = (figure: string, others: readonly Sample[]) => [
    row(`× ${figure}: requests/s`, 2, ({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? Number.NaN)),
    row(`× ${figure}: less CPU`, 2, ({ cpuMicros }, round) => (others[round]?.cpuMicros ?? Number.NaN) / cpuMicros),
  ];
  const figures = [
    row("requests/s", 0, ({ perSecond }) => perSecond),
    row("p99 ms", 2, ({ p99Ms }) => p99Ms),
    row("CPU µs a request", 0, ({ cpuMicros }) => cpuMicros),
    ...ratios("the first", first),
    ...ratios("the second", second),
    ...(Object.keys(processes) as Part[]).map((part) =>
      row(`CPUs of ${part}`, 2, ({ cpu }) => cpu[part] ?? Number.NaN),
    ),
  ];
  return figures.map((figure, index) => [index === 0 ? name : "", ...figure]);
}
