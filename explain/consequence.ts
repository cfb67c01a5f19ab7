/** What a planned change means, whatever the type of its resource. */
import type { Plan, PlannedChange } from "../lib/terraform";
import { deploymentConsequence, deploymentReasons, readersOf, scalingConsequence } from "./deployments";
import { type Consequence, knowledge, type Values } from "./knowledge";

/** `revision`: a new revision of a task definition, which Terraform shows as a replacement. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "revision";

/** @param names of the arguments that change */
export function consequenceOf(
  action: Action,
  planned: PlannedChange,
  names: readonly string[],
  plan: Plan,
): Consequence {
  const before = planned.change.before ?? {};
  const after = planned.change.after ?? {};
  const known = knowledge[planned.type];
  if (action === "forget") {
    return { downtime: "none", text: "Terraform no longer manages it; the object itself stays as it is" };
  }
  if (action === "create") return { downtime: "none", text: "new" };
  if (planned.type === "aws_ecs_task_definition") return revisionConsequence(action);
  if (action === "update") {
    if (planned.type === "aws_ecs_service") return serviceUpdate(before, after, names);
    if (planned.type === "aws_ssm_parameter") return parameterUpdate(before, names, plan);
    if (names.length > 0 && names.every((name) => name === "tags" || name === "tags_all")) {
      return { downtime: "none", text: "tags alone" };
    }
    return (
      known?.update?.({ before, after, names }) ?? {
        downtime: "unknown",
        text: "not known here: read the provider's and AWS's documentation",
      }
    );
  }
  if (planned.deposed !== undefined) {
    return {
      downtime: "unknown",
      text: "what an earlier replacement has left behind is cleared away; see that nothing uses it",
    };
  }
  return known?.lost(before) ?? { downtime: "unknown", text: "not known here: whatever it holds is gone" };
}

function revisionConsequence(action: Action): Consequence {
  const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html";
  return action === "revision"
    ? { downtime: "none", text: "a new revision; the old one is deregistered, tasks that run from it go on", source }
    : { downtime: "none", text: "deregistered; tasks that run from it go on", source };
}

function serviceUpdate(before: Values, after: Values, names: readonly string[]): Consequence {
  if (deploymentReasons(names).length > 0) return deploymentConsequence(before, after);
  return (
    scalingConsequence(before, after) ?? {
      downtime: "none",
      text: "no new tasks are started for it",
      source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html",
    }
  );
}

function parameterUpdate(before: Values, names: readonly string[], plan: Plan): Consequence {
  const readers = readersOf(before, plan);
  const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html";
  if (!names.some((name) => /^(value|insecure_value|version)/.test(name)) || readers.length === 0) {
    return { downtime: "none", text: "running tasks keep the value with which they started", source };
  }
  return {
    downtime: "none",
    text: `read by ${readers.join(", ")}: running tasks keep the old value until they are redeployed`,
    source,
  };
}
