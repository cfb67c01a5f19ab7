/** What differs between a running task definition and what the stacks would deploy. */
import type { Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { placeAt } from "../../lib/secrecy/policy";
import { shownValue } from "../../lib/secrecy/shown-value";
import { type ContainerChange, containerChanges, containersByName, nameChanges } from "./container-definitions";
import { normalizedTaskArgument, taskDefault } from "./normalized";
import { anything, canBe, isKnown, type SynthesizedService } from "./synthesized-services";
import type { Fields } from "./task-definition";

export interface TaskDefinitionDifference {
  /** Beside the containers, each a few words: `cpu 256 → 512`, `volumes + NEW, ~ CHANGED, - GONE`. */
  readonly differences: readonly string[];
  /** From what runs to what would be deployed. */
  readonly containers: readonly ContainerChange[];
  /** Whether something could not be compared in full, as a value is not known. */
  readonly isPartial: boolean;
}

/** Unknown parts take what runs, where it fits. */
function settled(wanted: unknown, running: unknown, unknowns: string[]): unknown {
  if (typeof wanted === "string") {
    if (isKnown(wanted)) return wanted;
    unknowns.push(wanted);
    const is = typeof running === "number" || typeof running === "boolean" ? String(running) : running;
    // A value as a whole may be of any kind.
    if (wanted === anything && is !== undefined) return is;
    return typeof is === "string" && canBe(wanted, is) ? is : wanted.replaceAll(anything, "…");
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

/**
 * What ECS says of a task definition that no definition can ask for.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
const notAskedFor = new Set([
  ...["compatibilities", "containerDefinitions", "deleteRequestedAt", "deregisteredAt", "registeredAt", "registeredBy"],
  ...["requiresAttributes", "revision", "status", "taskDefinitionArn"],
]);

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One value as it may be printed. */
function told(whole: Fields, path: readonly string[]): string {
  const value = path.reduce<unknown>((holder, key) => (isObject(holder) ? holder[key] : undefined), whole);
  if (value === undefined || value === null || value === "") return String(taskDefault(path.join(".")) ?? "none");
  return String(shownValue(value, placeAt([whole], path), [], new KnownSecrets([])));
}

/** Names of a list's items, each with what it says. */
function byName(list: unknown): Map<string, string> {
  const items = Array.isArray(list) ? list.filter(isObject) : [];
  return new Map(items.map(({ name, ...rest }) => [String(name), JSON.stringify(rest)]));
}

/** The differences at one place: of each value, or of a list by the names of its items. */
function differencesAt(path: readonly string[], before: unknown, after: unknown, wholes: readonly Fields[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const place = path.join(".");
  const lists = [before, after].filter((value) => value !== undefined);
  if (lists.every(Array.isArray)) {
    const named = (lists as unknown[][]).flat().every((item) => isObject(item) && item.name !== undefined);
    return named ? [`${place} ${nameChanges(byName(before), byName(after)).join(", ")}`] : [`${place} changed`];
  }
  if (lists.every(isObject)) {
    const [old, now] = [before ?? {}, after ?? {}] as [Fields, Fields];
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => differencesAt([...path, key], old[key], now[key], wholes));
  }
  const [old, now] = wholes.map((whole) => told(whole, path));
  return [old === now ? `${place} changed` : `${place} ${old} → ${now}`];
}

/** AWS's own tags (`aws:…`) are nobody's to set. */
function tagDifferences(running: readonly Tag[], wanted: Fields): string[] {
  const own = running.filter(({ key = "" }) => !key.startsWith("aws:"));
  const changes = nameChanges(
    new Map(own.map(({ key = "", value = "" }) => [key, value])),
    new Map(Object.entries(wanted).map(([key, value]) => [key, String(value)])),
  );
  return changes.length === 0 ? [] : [`tags ${changes.join(", ")}`];
}

/** @param tags of what runs. @default not known, and not compared */
export function taskDefinitionDifference(
  running: TaskDefinition,
  { task, containers }: Pick<SynthesizedService, "task" | "containers">,
  tags?: readonly Tag[],
): TaskDefinitionDifference {
  const unknowns: string[] = [];
  if (task === undefined || containers === undefined) unknowns.push("containers");
  const { tags: wantedTags = {}, ...own } = task ?? {};
  const is = running as unknown as Fields;
  const tagsOfAws = Object.fromEntries((tags ?? []).map(({ key = "", value }) => [key, value]));
  const wanted = settled(own, is, unknowns) as Fields;
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(is)])].filter((key) => !notAskedFor.has(key));
  const differences = keys.flatMap((key) => {
    const [before, after] = [is, wanted].map((one) => normalizedTaskArgument(key, one[key]));
    return differencesAt([key], before, after, [is, wanted]);
  });
  const asDeployed = settled(containers ?? [], running.containerDefinitions ?? [], unknowns) as Fields[];
  const old = containersByName((running.containerDefinitions ?? []) as unknown as Fields[]);
  return {
    differences: [
      ...(task === undefined ? [] : differences),
      ...(tags === undefined || task === undefined
        ? []
        : tagDifferences(tags, settled(wantedTags, tagsOfAws, unknowns) as Fields)),
    ],
    containers:
      containers === undefined
        ? []
        : containerChanges(old, containersByName(asDeployed), undefined, {
            networkMode: String(wanted.networkMode ?? running.networkMode ?? "bridge"),
          }),
    isPartial: unknowns.length > 0,
  };
}
