/** Whether a plan still does what was shown of an earlier one. */
import type { Plan, PlannedChange } from "../../terraform/plan";
import { knownAfterApply, withUnknown } from "../../terraform/plan-changes";

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether a value is what was shown, or what turned out of a value that wasn't known then. */
function turnedOut(shown: unknown, now: unknown): boolean {
  if (shown === knownAfterApply) return true;
  if (!isObject(shown) || !isObject(now)) return (shown ?? null) === (now ?? null);
  if (Array.isArray(shown) !== Array.isArray(now)) return false;
  const keys = new Set([...Object.keys(shown), ...Object.keys(now)]);
  return [...keys].every((key) => turnedOut(shown[key], now[key]));
}

function after({ change }: PlannedChange): unknown {
  return withUnknown(change.after, change.after_unknown);
}

/** Everything that an apply does, by what it does it to. */
function doneBy({ resource_changes }: Plan): Map<string, PlannedChange> {
  const done = (resource_changes ?? []).filter(
    ({ mode, change, previous_address, address }) =>
      mode !== "data" &&
      (change.actions.some((action) => action !== "no-op") ||
        change.importing != null ||
        (previous_address ?? address) !== address),
  );
  return new Map(done.map((planned) => [`${planned.address} ${planned.deposed ?? ""}`.trim(), planned]));
}

function isTheSame(shown: PlannedChange, now: PlannedChange): boolean {
  return (
    shown.change.actions.join() === now.change.actions.join() &&
    (shown.previous_address ?? null) === (now.previous_address ?? null) &&
    turnedOut(shown.change.before, now.change.before) &&
    turnedOut(after(shown), after(now))
  );
}

/** Whether nothing is left of a change whose new values weren't known when it was shown: they turned out as the old ones. */
function cameToNothing(shown: PlannedChange): boolean {
  return shown.change.actions.join() === "update" && turnedOut(after(shown), shown.change.before);
}

/** @returns the addresses of what a plan does otherwise than the one that was shown, sorted */
export function differencesFrom(shown: Plan, now: Plan): string[] {
  const [before, then] = [doneBy(shown), doneBy(now)];
  const addresses = new Set([...before.keys(), ...then.keys()]);
  return [...addresses]
    .filter((address) => {
      const [was, is] = [before.get(address), then.get(address)];
      if (was === undefined) return true;
      return is === undefined ? !cameToNothing(was) : !isTheSame(was, is);
    })
    .sort();
}
