import type { Plan } from "../../terraform/plan";
import { plannedChanges, type ResourceChange } from "../../terraform/plan-changes";

/** What the plans change together, attribute by attribute with before and after. */
export function changesOf(...plans: readonly Plan[]): ResourceChange[] {
  return plans.flatMap(plannedChanges).sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** The arguments that the configuration sets, by address. A JSON configuration's explicit nulls are none. */
export function configuredArguments(...plans: readonly Plan[]): Record<string, string[]> {
  const resources = plans.flatMap((plan) => plan.configuration?.root_module?.resources ?? []);
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
  return (plan.planned_values?.root_module?.resources ?? [])
    .filter(({ mode }) => mode === "managed")
    .map(({ address }) => address)
    .sort();
}
