/** What a planned change means, whatever the type of its resource. */
import type { Plan, PlannedChange } from "../../terraform/plan";
import type { Action } from "./action";
import { readersOf } from "./deployments";
import type { Consequence, Values } from "./downtime";
import { generatedLost, harmlessness } from "./harmless";
import { knowledge } from "./knowledge";
import { serviceUpdate } from "./service-update";
import { entryOf } from "./values";

/** @param names of the arguments that change */
export function consequenceOf(
  action: Action,
  planned: PlannedChange,
  names: readonly string[],
  plan: Plan,
): Consequence {
  const before = planned.change.before ?? {};
  const after = planned.change.after ?? {};
  const known = entryOf(knowledge, planned.type);
  if (action === "forget") {
    return { downtime: "none", text: "Terraform no longer manages it; the object itself stays as it is" };
  }
  if (action === "unknown") {
    return { downtime: "unknown", text: `not known here: the plan says ${planned.change.actions.join(" and ")}` };
  }
  if (action === "create") {
    const forgets = planned.change.actions.includes("forget");
    return { downtime: "none", text: forgets ? "new; the old object is forgotten, not destroyed" : "new" };
  }
  if (planned.type === "aws_ecs_task_definition") return revisionConsequence(action);
  if (action === "update") {
    if (planned.type === "aws_ecs_service") return serviceUpdate(planned, names).consequence;
    if (planned.type === "aws_ssm_parameter") return parameterUpdate(before, names, plan);
    if (names.length > 0 && names.every((name) => name === "tags" || name === "tags_all")) {
      return { downtime: "none", text: "only tags" };
    }
    return (
      known?.update?.({ before, after, names }) ?? {
        downtime: "unknown",
        text: "not known here: read the provider's and AWS's documentation",
      }
    );
  }
  if (planned.deposed != null) {
    return {
      downtime: "unknown",
      text: "what an earlier replacement has left behind is cleared away; see that nothing uses it",
    };
  }
  const nothing = harmlessness(action === "destroy", planned, plan);
  if (nothing !== undefined) return { downtime: "none", text: nothing };
  const value = generatedLost(planned, plan);
  if (value !== undefined) return { downtime: "unknown", text: value };
  return known?.lost(before) ?? { downtime: "unknown", text: "not known here: whatever it holds is gone" };
}

function revisionConsequence(action: Action): Consequence {
  const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html";
  return action === "revision"
    ? { downtime: "none", text: "a new revision; the old one is deregistered, tasks that run from it go on", source }
    : { downtime: "none", text: "deregistered; tasks that run from it go on", source };
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
