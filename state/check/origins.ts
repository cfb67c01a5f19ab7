/** Where in TypeScript an address comes from. */
import type { Claim } from "../../constructs/terraform/addressed-stack";
import { registeredAddresses } from "../../constructs/terraform/source-files";
import { parseAddress, withoutKeys } from "../../terraform/address";

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
  const module = parseAddress(address)?.modules[0];
  const key = module === undefined ? withoutKeys(address) : `module.${module}`;
  return origins.get(key) ?? { constructPath: null, sourceFile: null };
}
