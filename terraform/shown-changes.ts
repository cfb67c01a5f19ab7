/** The changes of a resource as they may be printed: documents in JSON by path, secrets taken out. */
import { type KnownSecrets, parsedJson, withheld } from "../lib/secrecy/known-secrets";
import { placeAt } from "../lib/secrecy/policy";
import { shownValue, under } from "../lib/secrecy/shown-value";
import type { PlannedChange } from "./plan";
import { type AttributeChange, attributesOf, differences } from "./plan-changes";

/** In the place of the value after a change. */
export const withheldChanged = "(sensitive, changed)";

/** Whether Terraform or the provider marks a value, or something around it. */
export function isMarkedAt(masks: readonly unknown[], path: readonly string[]): boolean {
  return path.reduce(under, masks).includes(true);
}

/** Two values that differ must not look the same. */
function told(before: unknown, after: unknown): unknown {
  if (JSON.stringify(before) !== JSON.stringify(after)) return after === withheld ? withheldChanged : after;
  return typeof after === "string" && after.startsWith("(") ? `${after.slice(0, -1)}, changed)` : "(changed)";
}

/** The same value with another one at the end of a path. */
function replacedAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const content = parsedJson(value) ?? value;
  if (typeof content !== "object" || content === null) return content;
  const inner = replacedAt(content[key as never], rest, other);
  return Array.isArray(content) ? Object.assign([...content], { [key]: inner }) : { ...content, [key]: inner };
}

/** A change of an attribute, or the changes in it where it is a document. */
function shownAttribute(
  attribute: AttributeChange,
  planned: PlannedChange,
  roots: readonly unknown[],
  known: KnownSecrets,
): AttributeChange[] {
  const { type, change } = planned;
  const { keys, before, after } = attribute;
  const path = keys.map((key) => known.clean(key)).join(".");
  const masks = keys.reduce(under, [change.before_sensitive, change.after_sensitive]);
  const [old, now] = [before, after].map(parsedJson);
  if (old !== undefined && now !== undefined && !masks.includes(true)) {
    const inside = differences(old, now, keys);
    // Another order or spacing of the same.
    if (inside.length === 0)
      return [{ ...attribute, path, before: "(a document)", after: "(the same, written differently)" }];
    // Read once, and not again for each place in it.
    const read = roots.map((root, index) => replacedAt(root, keys, [old, now][index]));
    return inside.flatMap((one) => shownAttribute(one, planned, read, known));
  }
  const place = placeAt(roots, keys, type);
  const [shownBefore, shownAfter] = [before, after].map((value) => shownValue(value, place, masks, known));
  if (keys.length === 0) return [{ ...attribute, path, before: shownBefore, after: shownAfter }];
  return [{ ...attribute, path, before: shownBefore, after: told(shownBefore, shownAfter) }];
}

/**
 * What changes in a resource, as it may be printed.
 * @param isTold which of the changes, as the plan has them
 */
export function shownChanges(
  planned: PlannedChange,
  known: KnownSecrets,
  isTold: (attribute: AttributeChange) => boolean = () => true,
): AttributeChange[] {
  const roots = [planned.change.before, planned.change.after];
  return attributesOf(planned.change)
    .filter(isTold)
    .flatMap((attribute) => shownAttribute(attribute, planned, roots, known));
}
