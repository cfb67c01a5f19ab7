/** Parting a state in two, and what a plan is compared by. For tests only: it knows none of the state tools' guards. */
import type { Claim } from "../../constructs/terraform/addressed-stack";
import { plannedChanges, type ResourceChange } from "../../lib/plan-changes";
import type { Plan } from "../../lib/terraform";

interface State {
  readonly lineage: string;
  readonly resources: readonly { readonly mode: string; readonly type: string; readonly name: string }[];
  readonly outputs: object;
}

/** The part of a state that belongs to a stack, by the address register. */
export function partState(state: State, register: readonly Claim[], stack: string): object {
  const owned = new Set(
    register.filter((claim) => claim.stack === stack && claim.kind === "managed").map(({ address }) => address),
  );
  const resources = state.resources.filter(
    ({ mode, type, name }) => mode === "managed" && owned.has(`${type}.${name}`),
  );
  return { ...state, lineage: `${stack}-${state.lineage}`, outputs: {}, resources };
}

/** What the plans change together, attribute by attribute with before and after. */
export function changesOf(...plans: readonly Plan[]): ResourceChange[] {
  return plans.flatMap(plannedChanges).sort((a, b) => (a.address < b.address ? -1 : 1));
}

interface ConfiguredPlan extends Plan {
  readonly configuration: {
    readonly root_module: {
      readonly resources: readonly { mode: string; address: string; expressions?: Record<string, unknown> }[];
    };
  };
  readonly planned_values: {
    readonly root_module: { readonly resources: readonly { mode: string; address: string }[] };
  };
}

/** The arguments that the configuration sets, by address. A JSON configuration's explicit nulls are none. */
export function configuredArguments(...plans: readonly Plan[]): Record<string, string[]> {
  const resources = plans.flatMap((plan) => (plan as ConfiguredPlan).configuration.root_module.resources);
  const isNull = (expression: unknown) => (expression as { constant_value?: unknown } | null)?.constant_value === null;
  return Object.fromEntries(
    resources
      .filter(({ mode }) => mode === "managed")
      .map(({ address, expressions = {} }) => [
        address,
        Object.keys(expressions)
          .filter((name) => !isNull(expressions[name]))
          .sort(),
      ]),
  );
}

/** Every planned instance. */
export function plannedInstances(plan: Plan): string[] {
  return (plan as ConfiguredPlan).planned_values.root_module.resources
    .filter(({ mode }) => mode === "managed")
    .map(({ address }) => address)
    .sort();
}
