/** A difference of an argument in words, and the state's value as code, without what is secret. */
import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import type { PlannedChange } from "../../terraform/plan";
import { type AttributeChange, knownAfterApply } from "../../terraform/plan-changes";
import { discreet } from "../discretion";

/** TypeScript of the state's value, where it may be shown. */
export function codeOf(
  { keys, before }: AttributeChange,
  change: PlannedChange,
  known: KnownSecrets,
): string | undefined {
  if (before === knownAfterApply) return undefined;
  if (typeof before === "object" && before !== null) {
    const inner = Object.entries(before).map(([key, value]) =>
      codeOf({ path: "", keys: [...keys, key], before: value, after: null }, change, known),
    );
    if (inner.includes(undefined)) return undefined;
    return Array.isArray(before)
      ? `[${inner.join(", ")}]`
      : `{ ${Object.keys(before)
          .map((key, index) => `${JSON.stringify(key)}: ${inner[index]}`)
          .join(", ")} }`;
  }
  const text = JSON.stringify(before);
  const isShown = discreet(before, keys, change, known) === (before === null ? "nothing" : text);
  // A template's beginning is a text here.
  return isShown ? text.replace(/[$%](?=\{)/g, (sign) => sign + sign) : undefined;
}

export function describedChange(attribute: AttributeChange, change: PlannedChange, known: KnownSecrets): string {
  const { keys, before, after } = attribute;
  const path = keys.map((key) => known.clean(key)).join(".");
  const inside = documentPaths(before, after);
  if (inside !== undefined) return `${path}: within the document: ${inside.map((one) => known.clean(one)).join(", ")}`;
  const [from, to] = [before, after].map((value) => discreet(value, keys, change, known));
  return `${path}: ${from} → ${to}`;
}

/** Where two JSON texts differ, at most six places; undefined where they are none. */
function documentPaths(before: unknown, after: unknown): string[] | undefined {
  const [left, right] = [before, after].map(parsedDocument);
  if (left === undefined || right === undefined) return undefined;
  const paths = differingPaths(left, right, "");
  return paths.length > 6 ? [...paths.slice(0, 6), `and ${paths.length - 6} more`] : paths;
}

function parsedDocument(value: unknown): object | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function differingPaths(left: unknown, right: unknown, path: string): string[] {
  if (typeof left === "object" && typeof right === "object" && left !== null && right !== null) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => {
      const next = path === "" ? key : `${path}.${key}`;
      return differingPaths((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], next);
    });
  }
  return left === right ? [] : [path];
}
