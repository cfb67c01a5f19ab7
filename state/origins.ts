/** Where in TypeScript an address comes from. */
import type { Claim } from "../constructs/terraform/addressed-stack";
import { registeredAddresses } from "../constructs/terraform/source-files";

/** null where no stack declares it. */
export interface Origin {
  readonly constructPath: string | null;
  readonly sourceFile: string | null;
}

/** By the address of a resource or of a whole module. */
export type Origins = ReadonlyMap<string, Origin>;

export function originsOf(claims: readonly Claim[], project: string): Origins {
  const registered = registeredAddresses(claims, project);
  return new Map(registered.map(({ address, constructPath, sourceFile }) => [address, { constructPath, sourceFile }]));
}

export function originOf(origins: Origins, address: string): Origin {
  const module = /^module\.[^.[]+/.exec(address)?.[0];
  return origins.get(module ?? address.replace(/\[.*$/, "")) ?? { constructPath: null, sourceFile: null };
}
