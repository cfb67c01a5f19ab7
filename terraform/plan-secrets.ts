/** What a plan marks as sensitive, or its provider, or its variables: the texts that must not be printed anywhere. */
import { KnownSecrets, markedTexts, textsIn } from "../lib/secrecy/known-secrets";
import { objectsOf, type Plan, readChange } from "./plan";

type Module = NonNullable<NonNullable<Plan["planned_values"]>["root_module"]>;

function* ofModule(module: Module | null | undefined): Iterable<string> {
  for (const { values, sensitive_values: mask } of module?.resources ?? []) yield* markedTexts(values, mask);
  for (const child of module?.child_modules ?? []) yield* ofModule(child);
}

/** @param more texts that are known to be secret otherwise */
export function secretsOf(plan: Plan, more: readonly string[] = []): KnownSecrets {
  const resources = [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? []), ...deferredIn(plan)];
  const changes = [...resources.map(({ change }) => change), ...Object.values(plan.output_changes ?? {})];
  const found = changes.flatMap(({ before, after, before_sensitive, after_sensitive }) => [
    ...markedTexts(before, before_sensitive),
    ...markedTexts(after, after_sensitive),
    // What is sensitive on one side is so on the other.
    ...markedTexts(before, after_sensitive),
    ...markedTexts(after, before_sensitive),
  ]);
  const declared = plan.configuration?.root_module?.variables ?? {};
  for (const [name, variable] of Object.entries(plan.variables ?? {})) {
    if (Object.hasOwn(declared, name) && declared[name]?.sensitive === true) found.push(...textsIn(variable?.value));
  }
  for (const { outputs, root_module: root } of [plan.planned_values ?? {}, plan.prior_state?.values ?? {}]) {
    for (const { sensitive, value } of Object.values(outputs ?? {})) if (sensitive) found.push(...textsIn(value));
    for (const text of ofModule(root)) found.push(text);
  }
  const deferredActions = objectsOf(plan.deferred_action_invocations).map(({ action_invocation: action }) => action);
  for (const { config_values, config_sensitive } of objectsOf([
    ...objectsOf(plan.action_invocations),
    ...deferredActions,
  ])) {
    found.push(...markedTexts(config_values, config_sensitive));
  }
  return new KnownSecrets([...found, ...more]);
}

function deferredIn(plan: Plan) {
  return objectsOf(plan.deferred_changes).flatMap(({ resource_change: change }) => readChange(change) ?? []);
}
