import type { Outcome } from "../../operations/ecs/redeploy";

/**
 * How a deployment ended, in one sentence or two.
 * @param what the service, with what tells its deployment apart
 */
export function outcomeLine(
  { service, taskDefinition, outcome, reason }: Outcome,
  what = `${service} (${taskDefinition})`,
): string {
  if (outcome === "steady") return `${what} is steady.`;
  if (outcome === "begun") return `${what} has started: bin/ecs/status shows its progress.`;
  if (outcome === "failed") return `${what} failed: ${reason}.`;
  const unseen = reason === null ? "" : ` The last look saw nothing: ${reason}.`;
  return `${what} isn't steady within --timeout; it goes on in AWS.${unseen}`;
}
