/** What a plan would change, attribute by attribute. */
import type { Plan, PlannedChange } from "./plan";

export interface AttributeChange {
  /** Path in the resource: `network_configuration.0.assign_public_ip`; empty for the whole of a new or destroyed one. */
  readonly path: string;
  /** The same, key by key: a key can have a dot in it. */
  readonly keys: readonly string[];
  readonly before: unknown;
  /** `"(known after apply)"` where Terraform can't tell yet. */
  readonly after: unknown;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly actions: PlannedChange["change"]["actions"];
  readonly attributes: readonly AttributeChange[];
}

/** In the place of a value that is not known yet. */
export const knownAfterApply = "(known after apply)";

/** The managed resources that the plan would create, update, replace or destroy, by address. */
export function plannedChanges(plan: Plan): ResourceChange[] {
  return (plan.resource_changes ?? [])
    .filter(({ mode, change }) => mode === "managed" && !change.actions.every((action) => action === "no-op"))
    .map(({ address, type, change }) => ({ address, type, actions: change.actions, attributes: attributesOf(change) }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** The names of outputs that the plan would change. */
export function changedOutputs(plan: Plan): string[] {
  return Object.entries(plan.output_changes ?? {})
    .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
    .map(([name]) => name)
    .sort();
}

export function attributesOf({ before, after, after_unknown }: PlannedChange["change"]): AttributeChange[] {
  if (before === null || after === null)
    return [{ path: "", keys: [], before, after: withUnknown(after, after_unknown) }];
  return differences(before, withUnknown(after, after_unknown), []);
}

/** What an object has itself: `constructor` is a name like any other. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key as never] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Terraform tells what it doesn't know in a value of the same shape, with `true` at each such place. */
export function withUnknown(after: unknown, mask: unknown): unknown {
  if (mask === true) return knownAfterApply;
  if (!isObject(mask)) return after;
  if (Array.isArray(mask)) return mask.map((item, index) => withUnknown((after as unknown[] | null)?.[index], item));
  const base = isObject(after) ? after : {};
  return {
    ...base,
    ...Object.fromEntries(Object.entries(mask).map(([key, item]) => [key, withUnknown(own(base, key), item)])),
  };
}

/** @param path of the two values, before that of each difference */
export function differences(before: unknown, after: unknown, path: readonly string[]): AttributeChange[] {
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(own(before, key), own(after, key), [...path, key]));
  }
  return (before ?? null) === (after ?? null)
    ? []
    : [{ path: path.join("."), keys: path, before: before ?? null, after: after ?? null }];
}
