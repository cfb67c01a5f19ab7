/** Addresses of resources. https://developer.hashicorp.com/terraform/cli/state/resource-addressing */

export interface AddressParts {
  /** Names of the modules around it, without keys. */
  readonly modules: readonly string[];
  /** `managed` where the address says no other. */
  readonly mode: string;
  readonly type: string;
  readonly name: string;
}

const key = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/.source;
const word = /[\p{L}_][\p{L}\d_-]*/u.source;
const moduleStep = new RegExp(`^module\\.(${word})(?:${key})?\\.`, "u");
const resource = new RegExp(`^(?:(data|ephemeral|action|list)\\.)?(?!module\\.)(${word})\\.(${word})(?:${key})?$`, "u");

/** @returns undefined for what is no address of a resource */
export function addressParts(address: string): AddressParts | undefined {
  const modules: string[] = [];
  let rest = address;
  for (let step = moduleStep.exec(rest); step !== null; step = moduleStep.exec(rest)) {
    modules.push(step[1] ?? "");
    rest = rest.slice(step[0].length);
  }
  const [, mode = "managed", type, name] = resource.exec(rest) ?? [];
  return type === undefined || name === undefined ? undefined : { modules, mode, type, name };
}
