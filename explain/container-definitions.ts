/**
 * What changes in a task definition's containers. Environment variables and secrets are told by name alone: a plain
 * variable is where secrets are put by mistake.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
import { shown } from "../lib/user-error";

type Definition = Readonly<Record<string, unknown>>;

export interface ContainerChange {
  readonly container: string;
  /** Each a few words: `image a → b`, `environment + NEW ~ CHANGED - GONE`. */
  readonly differences: readonly string[];
}

/** What may be printed with its value; of everything else only the name is. */
const printable = ["image", "cpu", "memory", "memoryReservation", "essential", "user", "portMappings", "healthCheck"];
/** Lists of named things. `valueFrom` of a secret is told no more than a value is. */
const named: Readonly<Record<string, readonly [key: string, value: string]>> = {
  environment: ["name", "value"],
  secrets: ["name", "valueFrom"],
};

/** @returns undefined where the text is no list of containers: it is not known yet, or withheld */
export function parsedContainers(text: unknown): ReadonlyMap<string, Definition> | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const list = JSON.parse(text) as Definition[];
    return new Map(list.map((definition) => [String(definition.name), definition]));
  } catch {
    return undefined;
  }
}

/** What ECS and the provider add is as good as absent: `cpu: 0`, empty lists, and a host port that is the container's. */
function normalized(value: unknown): unknown {
  if (value === null || value === 0 || value === "") return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(normalized);
  if (typeof value !== "object") return value;
  const { hostPort, ...rest } = value as Definition;
  const kept = hostPort === undefined || hostPort === rest.containerPort ? rest : { ...rest, hostPort };
  const entries = Object.entries(kept)
    .map(([key, inner]) => [key, normalized(inner)] as const)
    .filter(([key, inner]) => inner !== undefined && !(key === "protocol" && inner === "tcp"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(normalized(a)) === JSON.stringify(normalized(b));
}

/** Names of a list that are new, changed and gone. */
function namedDifferences(what: string, before: unknown, after: unknown): string | undefined {
  const [nameKey, valueKey] = named[what] ?? ["name", "value"];
  const [old, now] = [before, after].map(
    (list) => new Map(((list ?? []) as Definition[]).map((item) => [String(item[nameKey]), item[valueKey]])),
  ) as [Map<string, unknown>, Map<string, unknown>];
  const added = [...now.keys()].filter((name) => !old.has(name)).map((name) => `+ ${name}`);
  const changed = [...now]
    .filter(([name, value]) => old.has(name) && old.get(name) !== value)
    .map(([name]) => `~ ${name}`);
  const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `- ${name}`);
  const all = [...added, ...changed, ...gone];
  return all.length === 0 ? undefined : `${what} ${all.join(", ")}`;
}

function brief(what: string, value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (what === "portMappings") {
    return (value as Definition[])
      .map(({ containerPort, protocol = "tcp" }) => `${containerPort}/${protocol}`)
      .join(", ");
  }
  const command = what === "healthCheck" ? (value as { command?: unknown[] }).command : undefined;
  return command === undefined ? (typeof value === "string" ? value : shown(value)) : shown(command.slice(1).join(" "));
}

function difference(what: string, before: unknown, after: unknown, namesOnly: boolean): string | undefined {
  if (what in named) return namedDifferences(what, before, after);
  if (same(before, after)) return undefined;
  const name = { portMappings: "ports", healthCheck: "health check" }[what] ?? what;
  if (namesOnly || !printable.includes(what)) return `${name} changed`;
  const [old, now] = [brief(what, before), brief(what, after)];
  return old === now ? `${name} changed` : `${name} ${old} → ${now}`;
}

/**
 * What changes from one list of containers to the other, in the order of the new one; nothing where they mean the same.
 * @param namesOnly whether the whole is sensitive, so that no value is told
 */
export function containerChanges(
  before: ReadonlyMap<string, Definition>,
  after: ReadonlyMap<string, Definition>,
  namesOnly = false,
): ContainerChange[] {
  const inBoth = [...after].map(([container, definition]) => {
    const old = before.get(container);
    if (old === undefined)
      return { container, differences: [namesOnly ? "new" : `new, image ${brief("image", definition.image)}`] };
    const keys = [...new Set(["image", ...Object.keys(old), ...Object.keys(definition)])];
    const differences = keys.flatMap((key) => difference(key, old[key], definition[key], namesOnly) ?? []);
    return { container, differences };
  });
  const gone = [...before.keys()]
    .filter((container) => !after.has(container))
    .map((container) => ({ container, differences: ["gone"] }));
  return [...inBoth, ...gone].filter(({ differences }) => differences.length > 0);
}
