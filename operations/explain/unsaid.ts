/** Objects that a plan may destroy without saying so where it is looked for: it is from a later release, or not whole. */
import { addressParts } from "../../terraform/addresses";
import type { Plan } from "../../terraform/plan";

type Values = NonNullable<NonNullable<Plan["planned_values"]>["root_module"]>;

function managedIn(module: Values | null | undefined): string[] {
  const own = (module?.resources ?? []).filter(({ mode }) => mode === "managed").map(({ address }) => address);
  return [...own, ...(module?.child_modules ?? []).flatMap(managedIn)];
}

/** Objects of the state of which a plan that covers everything says nothing: Terraform names even those that stay. */
function passedOver(plan: Plan): string[] {
  if (plan.complete !== true || plan.errored === true) return [];
  const changes = plan.resource_changes ?? [];
  // A refresh-only plan has no changes of resources.
  const others = [plan.resource_drift ?? [], Object.keys(plan.output_changes ?? {})];
  if (changes.length === 0 && (plan.applyable !== true || others.some(({ length }) => length > 0))) return [];
  const named = new Set([
    ...changes.flatMap(({ address, previous_address: previous }) => [address, previous ?? address]),
    ...managedIn(plan.planned_values?.root_module),
  ]);
  return managedIn(plan.prior_state?.values?.root_module).filter((address) => !named.has(address));
}

/** What sections that nobody knows would delete. */
function deletedIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { address, change } = value as { address?: unknown; change?: { actions?: unknown } | null };
  const actions = change?.actions ?? (value as { actions?: unknown }).actions;
  if (Array.isArray(actions) && actions.some((word) => String(word).toLowerCase() === "delete")) {
    return [typeof address === "string" ? address : "an object without an address"];
  }
  return Object.values(value).flatMap(deletedIn);
}

function isNothing(value: unknown): boolean {
  return value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Names of the sections that say something, and that nobody knows here. */
export function undescribedSections(plan: Plan): string[] {
  return Object.entries(plan.undescribed ?? {}).flatMap(([section, value]) => (isNothing(value) ? [] : [section]));
}

export interface Unsaid {
  readonly address: string;
  readonly type: string;
  readonly reason: string;
}

export function unsaidDestructions(plan: Plan): Unsaid[] {
  const typeOf = (address: string) => addressParts(address)?.type ?? "";
  const silent = passedOver(plan).map((address) => ({
    address,
    type: typeOf(address),
    reason: "the state has it, and the plan doesn't mention it",
  }));
  const deleted = Object.entries(plan.undescribed ?? {}).flatMap(([section, value]) =>
    deletedIn(value).map((address) => ({
      address,
      type: typeOf(address),
      reason: `the section ${section}, which is not known here, deletes it`,
    })),
  );
  return [...silent, ...deleted];
}
