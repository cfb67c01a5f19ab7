/** How a finding words a value of a plan; `lib/secrecy/policy.ts` says which may be shown. */
import type { KnownSecrets } from "../lib/secrecy/known-secrets";
import { withheld } from "../lib/secrecy/known-secrets";
import { placeAt } from "../lib/secrecy/policy";
import { shownValue } from "../lib/secrecy/shown-value";
import type { PlannedChange } from "../terraform/plan";
import { isMarkedAt } from "../terraform/shown-changes";

/**
 * @param keys path of the attribute
 * @param raw the change that it is of
 * @param known texts that are known to be secret
 */
export function discreet(
  value: unknown,
  keys: readonly string[],
  raw: PlannedChange | undefined,
  known: KnownSecrets,
): string {
  if (value === null || value === undefined) return "nothing";
  if (isMarkedAt([raw?.change.before_sensitive, raw?.change.after_sensitive], keys)) return withheld;
  if (typeof value === "object") return Array.isArray(value) ? `a list of ${value.length}` : "a block";
  const place = placeAt([raw?.change.before, raw?.change.after], keys, raw?.type);
  const shown = shownValue(value, place, [], known);
  if (typeof shown === "object") return "a document";
  return typeof shown === "string" && !shown.startsWith("(") ? JSON.stringify(shown) : String(shown);
}
