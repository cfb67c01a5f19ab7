/** Values as they may be printed. */
import { type KnownSecrets, parsedJson, withheld } from "./known-secrets";
import { contentsOf, isSecret, type Place } from "./policy";
import { holdsSecret } from "./texts";

/** Longer texts tell nobody anything in one line, and could hold anything. */
const longest = 160;

type Masks = readonly unknown[];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What masks of Terraform's (`true` in a value of the same shape) say of a key. */
export function under(masks: Masks, key: string): Masks {
  return masks.map((mask) =>
    mask === true ? true : isObject(mask) && Object.hasOwn(mask, key) ? mask[key] : undefined,
  );
}

/** A value as it may be printed: of the same shape, with the secrets in it taken out. */
export function shownValue(value: unknown, place: Place | undefined, masks: Masks, known: KnownSecrets): unknown {
  if (value === null || value === undefined || value === "(known after apply)") return value;
  if (masks.includes(true)) return withheld;
  const document = parsedJson(value);
  if (isObject(document ?? value)) {
    const content = document ?? (value as object);
    const holders = place === undefined ? [content] : contentsOf(place);
    const entries = Object.entries(content).map(([key, inner]) => {
      const inside = { key, holders, parent: place, type: place?.type };
      return [key, shownValue(inner, inside, under(masks, key), known)] as const;
    });
    return Array.isArray(content) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
  }
  if (place !== undefined && isSecret(value, place, known)) return withheld;
  if (typeof value !== "string") return value;
  // Scripts, and documents that are no JSON, can hold anything.
  const lines = value.trimEnd().includes("\n") || value.startsWith("#!") ? value.split(/\r?\n/).length : 1;
  if (lines === 1 && value.length <= longest) return value;
  return lines > 1 ? `(${lines} lines)` : `(${value.length} characters)`;
}

/** A message as it may be printed, on one line. */
export function shownText(text: string, known: KnownSecrets): string {
  const line = known.clean(text).replace(/\s+/g, " ").trim();
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line;
  return holdsSecret(cut.replaceAll(withheld, "")) ? withheld : cut;
}
