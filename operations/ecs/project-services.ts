/** The services that diff, verify and status go by: those of the stacks, of additions too, and those that run beside them. */
import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { clusterIn, deployedServices, noSuchService, serviceNames } from "./services";
import { isKnown, type SynthesizedService } from "./synthesized-services";

export interface ProjectService {
  readonly name: string;
  readonly cluster: string;
  /** As the stacks would deploy it; undefined where they don't have it. */
  readonly synthesized?: SynthesizedService;
  /** As it runs; undefined where it isn't deployed. */
  readonly deployed?: Service;
}

/** Services in the order of these names, then those of other names. */
export function inOrder<Service extends { readonly name: string }>(
  services: readonly Service[],
  names: readonly string[],
): Service[] {
  const rank = ({ name }: Service) => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...services].sort((a, b) => rank(a) - rank(b));
}

/**
 * @param cluster the project's
 * @param synthesized the services of the stacks. One whose name isn't known before a plan is none that could be looked for
 * @param named only these. @default all
 * @returns those of the stacks first, in their order, then what else the project's cluster runs
 * @throws UserError for a name that neither has
 */
export async function projectServices(
  ecs: ECSClient,
  cluster: string,
  synthesized: readonly SynthesizedService[],
  named: readonly string[] = [],
): Promise<ProjectService[]> {
  const known = synthesized.filter(({ name }) => isKnown(name));
  const declared = known.map(({ name }) => name);
  const beside = (await serviceNames(ecs, cluster)).filter((name) => !declared.includes(name));
  const all = [
    ...known.map((one) => ({
      name: one.name,
      cluster: isKnown(one.cluster) ? one.cluster : cluster,
      synthesized: one,
    })),
    ...beside.map((name) => ({ name, cluster })),
  ];
  for (const name of named) {
    if (all.some((one) => one.name === name)) continue;
    throw noSuchService(name, await clusterIn(ecs, cluster), [...declared, ...beside], []);
  }
  const chosen = named.length === 0 ? all : all.filter(({ name }) => named.includes(name));
  const deployed = new Map<string, Service>();
  for (const own of new Set(chosen.map((one) => one.cluster))) {
    const names = chosen.filter((one) => one.cluster === own).map(({ name }) => name);
    for (const one of await deployedServices(ecs, own, names)) deployed.set(`${own}/${one.serviceName}`, one);
  }
  return chosen.map((one) => ({ ...one, deployed: deployed.get(`${one.cluster}/${one.name}`) }));
}
