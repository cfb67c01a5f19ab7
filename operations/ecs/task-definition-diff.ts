/** What differs between a running task definition and what the stacks would deploy. */
import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { type ContainerChange, containerChanges } from "../../explain/container-definitions";
import { anything, canBe, isKnown, type SynthesizedService } from "./synthesized-services";

export interface TaskDefinitionDifference {
  /** Beside the containers, each a few words: `cpu 256 → 512`. */
  readonly differences: readonly string[];
  /** From what runs to what would be deployed. */
  readonly containers: readonly ContainerChange[];
  /** Whether something could not be compared in full, as a value is not known. */
  readonly isPartial: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Unknown parts take what runs, where it fits. */
function settled(wanted: unknown, running: unknown, unknowns: string[]): unknown {
  if (typeof wanted === "string") {
    if (isKnown(wanted)) return wanted;
    unknowns.push(wanted);
    return typeof running === "string" && canBe(wanted, running) ? running : wanted.replaceAll(anything, "…");
  }
  if (Array.isArray(wanted)) {
    const others = Array.isArray(running) ? running : [];
    const named = (item: unknown) => (item as Fields | null)?.name;
    return wanted.map((item, index) =>
      settled(
        item,
        named(item) === undefined ? others[index] : others.find((one) => named(one) === named(item)),
        unknowns,
      ),
    );
  }
  if (typeof wanted !== "object" || wanted === null) return wanted;
  const other = (typeof running === "object" && running !== null ? running : {}) as Fields;
  return Object.fromEntries(Object.entries(wanted).map(([key, inner]) => [key, settled(inner, other[key], unknowns)]));
}

const compared = ["cpu", "memory", "networkMode", "executionRoleArn", "taskRoleArn"] as const;

export function taskDefinitionDifference(
  running: TaskDefinition,
  synthesized: SynthesizedService,
): TaskDefinitionDifference {
  const unknowns: string[] = [];
  // Of target groups a task definition knows nothing.
  const { targets: _, ...own } = synthesized;
  const wanted = settled(own, { ...running, containers: running.containerDefinitions }, unknowns);
  const { containers, ...rest } = wanted as typeof own;
  const byName = (list: readonly object[]) => new Map((list as { name: string }[]).map((one) => [one.name, one]));
  return {
    differences: compared.flatMap((name) =>
      String(running[name] ?? "none") === rest[name] ? [] : [`${name} ${running[name] ?? "none"} → ${rest[name]}`],
    ),
    containers: containerChanges(
      byName(running.containerDefinitions ?? []) as ReadonlyMap<string, Fields>,
      byName(containers) as ReadonlyMap<string, Fields>,
    ),
    isPartial: unknowns.length > 0,
  };
}
