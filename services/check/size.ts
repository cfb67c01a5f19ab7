/** The pairs of CPU and memory that Fargate has. */
import { shown } from "../../lib/user-error";
import type { ServiceDefinition } from "../definition";

const gib = 1024;
const range = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/**
 * MiB of memory by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const fargateSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, gib, 2 * gib]],
  [512, range(gib, 4 * gib, gib)],
  [1024, range(2 * gib, 8 * gib, gib)],
  [2048, range(4 * gib, 16 * gib, gib)],
  [4096, range(8 * gib, 30 * gib, gib)],
  [8192, range(16 * gib, 60 * gib, 4 * gib)],
  [16384, range(32 * gib, 120 * gib, 8 * gib)],
]);

export function sizeProblem({ name, cpu, memoryMiB }: ServiceDefinition): string[] {
  const sizes = fargateSizes.get(cpu);
  if (sizes === undefined) {
    return [`${name} has cpu ${shown(cpu)}: Fargate has ${[...fargateSizes.keys()].join(", ")}`];
  }
  if (sizes.includes(memoryMiB)) return [];
  return [`${name} has memoryMiB ${shown(memoryMiB)}: with cpu ${cpu} Fargate has ${sizes.join(", ")}`];
}
