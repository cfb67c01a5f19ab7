import type { ServiceDefinition } from "../services/definition";

/**
 * The place for a team's services (docs/adding-a-service.md has an example). What this returns is what both stacks, the
 * images and the commands go by: add to the list, leave one out, or put a changed one in its place.
 */
export function teamServices(own: readonly ServiceDefinition[]): readonly ServiceDefinition[] {
  return [...own];
}
