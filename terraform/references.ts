/** What the configuration in a plan says of who refers to whom. */
import { addressParts } from "./addresses";
import type { Plan } from "./plan";

type Module = NonNullable<NonNullable<Plan["configuration"]>["root_module"]>;

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "references" && Array.isArray(inner)
      ? inner.filter((item) => typeof item === "string")
      : referencesIn(inner),
  );
}

function moduleAt(plan: Plan, names: readonly string[]): Module | undefined {
  return names.reduce<Module | undefined>((module, name) => {
    const calls = module?.module_calls ?? {};
    return Object.hasOwn(calls, name) ? (calls[name]?.module ?? undefined) : undefined;
  }, plan.configuration?.root_module ?? undefined);
}

/**
 * What refers to a resource in its module: addresses of resources, `output.NAME` and `module.NAME`.
 * @returns undefined where the plan has no configuration to tell
 */
export function referrersOf(address: string, plan: Plan): string[] | undefined {
  const parts = addressParts(address);
  if (parts === undefined) return undefined;
  const module = moduleAt(plan, parts.modules);
  if (module === undefined) return undefined;
  const own = `${parts.type}.${parts.name}`;
  const refers = (value: unknown) =>
    referencesIn(value).some((one) => one === own || one.startsWith(`${own}.`) || one.startsWith(`${own}[`));
  return [
    ...(module.resources ?? []).filter((one) => one.address !== own && refers(one)).map((one) => one.address),
    ...Object.entries(module.outputs ?? {}).flatMap(([name, output]) => (refers(output) ? [`output.${name}`] : [])),
    ...Object.entries(module.module_calls ?? {}).flatMap(([name, call]) =>
      refers({ ...call, module: undefined }) ? [`module.${name}`] : [],
    ),
  ];
}
