/** Loads in turn, so that a machine that drifts drifts for all of them. */
import { table } from "../../lib/table";
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
  /** Shares of one CPU that the parts took. */
  readonly cpu: Readonly<Partial<Record<Part, number>>>;
}

async function once(project: string, { port, path, processes }: Candidate, load: LoadOptions): Promise<Sample> {
  const parts = Object.entries(processes) as [Part, number][];
  const before = parts.map(([, pid]) => cpuSeconds(pid));
  const { requests, seconds, p99Ms } = await runLoad(project, { port, path, ...load });
  const used = parts.map(([part, pid], index) => {
    const [from, to] = [before[index], cpuSeconds(pid)];
    return [part, from === undefined || to === undefined ? Number.NaN : (to - from) / seconds] as const;
  });
  return { perSecond: requests / seconds, p99Ms, cpu: Object.fromEntries(used) };
}

export type LoadOptions = Pick<Load, "tokensFile" | "connections" | "seconds">;

/**
 * Loads the candidates in turn, after one round that isn't counted, and prints requests a second, their ratio to the
 * first one round by round, latency and CPU.
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
  const [first = []] = samples;
  const rows = candidates.flatMap(({ name, processes }, index) => {
    const own = samples[index] ?? [];
    const ratios = own.map(({ perSecond }, round) => perSecond / (first[round]?.perSecond ?? Number.NaN));
    const parts = Object.keys(processes) as Part[];
    return [
      [
        name,
        "requests/s",
        ...cells(
          own.map(({ perSecond }) => perSecond),
          0,
        ),
      ],
      ...(index === 0 ? [] : [["", "× the first", ...cells(ratios, 2)]]),
      [
        "",
        "p99 ms",
        ...cells(
          own.map(({ p99Ms }) => p99Ms),
          2,
        ),
      ],
      ...parts.map((part) => [
        "",
        `CPUs of ${part}`,
        ...cells(
          own.map(({ cpu }) => cpu[part] ?? Number.NaN),
          2,
        ),
      ]),
    ];
  });
  const heading = `${title} (${rounds} rounds of ${load.seconds} s, ${load.connections} connections)`;
  console.log(`\n${heading}\n${table(["WHAT", "FIGURE", "MIN", "MEDIAN", "MAX"], rows)}`);
}
