/**
 * What changes in a task definition's containers. Environment variables and secrets appear by name only: a plain
 * variable is where secrets are put by mistake.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
import { KnownSecrets, withheld } from "../../lib/secrecy/known-secrets";
import { placeAt } from "../../lib/secrecy/policy";
import { shownValue } from "../../lib/secrecy/shown-value";
import { shown } from "../../lib/user-error";
import { normalizedContainerArgument } from "./normalized";

type Definition = Readonly<Record<string, unknown>>;

export interface ContainerChange {
  readonly container: string;
  /** Each a few words: `image a → b`, `environment + NEW ~ CHANGED - GONE`. */
  readonly differences: readonly string[];
}

/** What may be printed with its value; of everything else only the name is. */
const printable = ["image", "cpu", "memory", "memoryReservation", "essential", "user", "portMappings", "healthCheck"];
/** Lists of named things. `valueFrom` of a secret is told no more than a value is. */
const named: readonly string[] = ["environment", "secrets"];

/** The provider takes names of arguments in any case of their first letter. */
export function containersByName(list: readonly Definition[]): ReadonlyMap<string, Definition> {
  const lowered = list.map((definition) =>
    Object.fromEntries(Object.entries(definition).map(([key, value]) => [key.replace(/^[A-Z]/, lower), value])),
  );
  return new Map(lowered.map((definition) => [String(definition.name), definition]));
}

function lower(letter: string): string {
  return letter.toLowerCase();
}

/** @returns undefined where the text is no list of containers: it is not known yet, or withheld */
export function parsedContainers(text: unknown): ReadonlyMap<string, Definition> | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const list = JSON.parse(text) as Definition[];
    return containersByName(list);
  } catch {
    return undefined;
  }
}

function objectsIn(list: unknown): Definition[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];
}

/** Names of a list that are new, changed and gone. */
function namedDifferences(what: string, before: unknown, after: unknown): string | undefined {
  const [old, now] = [before, after].map(
    (list) =>
      new Map(
        objectsIn(list).map(({ name, ...rest }) => [
          String(name),
          JSON.stringify(normalizedContainerArgument(what, rest)) ?? "",
        ]),
      ),
  ) as [Map<string, string>, Map<string, string>];
  const all = nameChanges(old, now);
  return all.length === 0 ? undefined : `${what} ${all.join(", ")}`;
}

/** `+ NEW`, `~ CHANGED`, `- GONE`, in this order. */
export function nameChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const added = [...after.keys()].filter((name) => !before.has(name)).map((name) => `+ ${name}`);
  const changed = [...after]
    .filter(([name, value]) => before.has(name) && before.get(name) !== value)
    .map(([name]) => `~ ${name}`);
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `- ${name}`);
  return [...added, ...changed, ...gone];
}

function brief(what: string, whole: unknown, known: KnownSecrets): string {
  if (whole === undefined || whole === null) return "none";
  const value = shownValue(whole, placeAt([{ [what]: whole }], [what]), [], known);
  if (what === "portMappings") {
    return objectsIn(value)
      .map(({ containerPort, protocol = "tcp" }) => `${containerPort}/${protocol}`)
      .join(", ");
  }
  const command = what === "healthCheck" ? (value as { command?: unknown }).command : undefined;
  if (!Array.isArray(command)) return typeof value === "string" ? value : shown(value);
  return command.includes(withheld) ? withheld : shown(command.slice(1).join(" "));
}

export interface ContainerChangeOptions {
  /** Whether the whole is sensitive, so that no value is told. @default false */
  readonly namesOnly?: boolean;
  /** Of the task. @default awsvpc */
  readonly networkMode?: string;
}

function difference(
  what: string,
  before: unknown,
  after: unknown,
  known: KnownSecrets,
  { namesOnly = false, networkMode }: ContainerChangeOptions,
): string | undefined {
  if (named.includes(what)) return namedDifferences(what, before, after);
  const [one, other] = [before, after].map((value) =>
    JSON.stringify(normalizedContainerArgument(what, value, networkMode)),
  );
  if (one === other) return undefined;
  const name = { portMappings: "ports", healthCheck: "health check" }[what] ?? what;
  if (namesOnly || !printable.includes(what)) return `${name} changed`;
  const [old, now] = [brief(what, before, known), brief(what, after, known)];
  return old === now ? `${name} changed` : `${name} ${old} → ${now}`;
}

/**
 * What changes from one list of containers to the other, in the order of the new one; nothing where they mean the same.
 * @param known texts that are no part of what is told
 */
export function containerChanges(
  before: ReadonlyMap<string, Definition>,
  after: ReadonlyMap<string, Definition>,
  known = new KnownSecrets([]),
  options: ContainerChangeOptions = {},
): ContainerChange[] {
  const { namesOnly = false } = options;
  const inBoth = [...after].map(([container, definition]) => {
    const old = before.get(container);
    if (old === undefined)
      return { container, differences: [namesOnly ? "new" : `new, image ${brief("image", definition.image, known)}`] };
    const keys = [...new Set(["image", ...Object.keys(old), ...Object.keys(definition)])];
    const differences = keys.flatMap((key) => difference(key, old[key], definition[key], known, options) ?? []);
    return { container, differences: differences.map((text) => known.clean(text)) };
  });
  const gone = [...before.keys()]
    .filter((container) => !after.has(container))
    .map((container) => ({ container, differences: ["gone"] }));
  return [...inBoth, ...gone].filter(({ differences }) => differences.length > 0);
}
