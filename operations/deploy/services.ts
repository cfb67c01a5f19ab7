/** The services of a deployed app, and where they answer. */
import type { Plan } from "../../terraform/plan";
import type { PlannedStack } from "./planning";

type Module = NonNullable<NonNullable<Plan["planned_values"]>["root_module"]>;
type Values = Readonly<Record<string, unknown>>;

function resourcesOf(module: Module | null | undefined): NonNullable<Module["resources"]>[number][] {
  return [...(module?.resources ?? []), ...(module?.child_modules ?? []).flatMap(resourcesOf)];
}

/** The names of all ECS services that the stacks have after their apply, those of additions too. */
export function plannedServices(stacks: readonly PlannedStack[]): string[] {
  const names = stacks
    .flatMap(({ plan }) => resourcesOf(plan.planned_values?.root_module))
    .filter(({ mode, address }) => mode === "managed" && /(^|\.)aws_ecs_service\./.test(address))
    .flatMap(({ values }) => (values as Values | undefined)?.name ?? []);
  return [...new Set(names.map(String))];
}

/** The public hosts by service: the output `domain_names`, as planned or as another stack has read it. */
export function publicHosts(stacks: readonly PlannedStack[]): Readonly<Record<string, string>> {
  const written = stacks.map(({ plan }) => plan.planned_values?.outputs?.domain_names?.value);
  const read = stacks
    .flatMap(({ plan }) => resourcesOf(plan.prior_state?.values?.root_module))
    .filter(({ address }) => address.startsWith("data.terraform_remote_state."))
    .map(({ values }) => ((values as Values | undefined)?.outputs as Values | undefined)?.domain_names);
  const hosts = [...written, ...read].find((value) => typeof value === "object" && value !== null);
  return (hosts ?? {}) as Readonly<Record<string, string>>;
}
