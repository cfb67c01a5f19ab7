/** What a plan does to an object, from the words it uses and, where these are not known or can't be true, from its values. */
import { addressParts } from "../../terraform/addresses";
import type { PlannedChange } from "../../terraform/plan";

/** `revision`: a new revision of a task definition, which Terraform shows as a replacement. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "revision" | "unknown";

const known = new Set(["no-op", "create", "read", "update", "delete", "forget"]);

/** Actions that leave nothing behind: `open`, `renew` and `close` are of ephemeral resources. */
const fleeting = new Set(["no-op", "read", "open", "renew", "close"]);

function wordsOf({ change: { actions } }: PlannedChange): string[] {
  return actions.map((action) => action.trim().toLowerCase());
}

/** Data sources and ephemeral resources are read anew each time: there is nothing to lose. */
export function isTransient({ mode, address }: PlannedChange): boolean {
  return (mode === "data" || mode === "ephemeral") && addressParts(address)?.mode === mode;
}

/** What the values and the reason say. Where a plan contradicts itself, the worse counts. */
function actionByValues({ change, action_reason: reason }: PlannedChange): "destroy" | "replace" | undefined {
  const { before, after, after_unknown: unknown, replace_paths: forcing } = change;
  if (before === null) return undefined;
  const isUnknown = unknown === true || (typeof unknown === "object" && Object.keys(unknown ?? {}).length > 0);
  if (after === null && !isUnknown) return "destroy";
  if ((forcing?.length ?? 0) > 0 || /^replace_/.test(reason ?? "")) return "replace";
  if (/^delete_/.test(reason ?? "")) return "destroy";
  return change.actions.includes("create") ? "replace" : undefined;
}

/** @returns undefined where nothing happens to the object */
export function actionOf(planned: PlannedChange): Action | undefined {
  const words = wordsOf(planned);
  const [deletes, creates, forgets] = ["delete", "create", "forget"].map((word) => words.includes(word));
  const replaced = planned.type === "aws_ecs_task_definition" ? "revision" : "replace";
  if (isTransient(planned)) return words.every((word) => fleeting.has(word)) ? undefined : "unknown";
  if (deletes) return creates ? replaced : "destroy";
  if (forgets) return creates ? "create" : "forget";
  const byValues = actionByValues(planned);
  if (byValues !== undefined) return byValues === "replace" ? replaced : "destroy";
  if (creates) return "create";
  if (words.some((word) => !known.has(word))) return "unknown";
  return words.includes("update") ? "update" : undefined;
}

/** Why the action isn't the one that the plan names. */
export function doubtOf(planned: PlannedChange, action: Action | undefined): string | undefined {
  if (action !== "destroy" && action !== "replace" && action !== "revision") return undefined;
  if (wordsOf(planned).includes("delete")) return undefined;
  return `the plan calls it ${planned.change.actions.join(" and ")}, and its values say otherwise`;
}
