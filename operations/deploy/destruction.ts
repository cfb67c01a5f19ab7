/** What a deployment destroys, and what of it was allowed. */
import { suggestion } from "../../lib/nearest";
import { shellCommand } from "../../lib/shell-words";
import type { Explanation } from "../explain/explained";

/** Addresses of what would be destroyed or replaced, each once. */
function destroyedBy({ changes }: Explanation): string[] {
  return [...new Set(changes.filter(({ destructive }) => destructive).map(({ address }) => address))];
}

/** Addresses of what would be destroyed or replaced and isn't allowed to. */
export function notAllowed(explanation: Explanation, allowed: readonly string[]): string[] {
  return destroyedBy(explanation).filter((address) => !allowed.includes(address));
}

/** Why the deployment stops, and how to go on. */
export function destructionRefusal(
  addresses: readonly string[],
  explanation: Explanation,
  allowed: readonly string[],
): string {
  const destroyed = destroyedBy(explanation);
  const options = addresses.flatMap((address) => ["--allow-destroy", address]);
  const astray = allowed
    .filter((address) => !destroyed.includes(address))
    .map((address) => ` Nothing at ${address} is destroyed: ${suggestion(address, addresses, "leave it out")}`);
  return `This would destroy or replace ${addresses.join(", ")}: to allow it, give ${shellCommand(options)}.${astray.join("")}`;
}
