/** What an update of an ECS service does: whether it starts new tasks, and what its callers see of it. */
import type { PlannedChange } from "../../terraform/plan";
import { deploymentConsequence, scalingConsequence } from "./deployments";
import type { Consequence, Values } from "./downtime";
import { isEmpty } from "./empty";
import { argumentOf, type Controller, controllers, sourceOf, withoutUpdate } from "./service-arguments";
import { entryOf, firstBlock } from "./values";

export interface ServiceUpdate {
  /** The arguments that start new tasks; empty where tasks go on. */
  readonly reasons: readonly string[];
  readonly consequence: Consequence;
}

/** @param names of the arguments that change */
export function serviceUpdate({ change }: PlannedChange, names: readonly string[]): ServiceUpdate {
  const before = change.before ?? {};
  const after = change.after ?? {};
  const updated = names.filter((name) => !withoutUpdate.has(name));
  const forced = after.force_new_deployment === true && updated.length > 0;
  const controller = String(
    (firstBlock(after.deployment_controller) ?? firstBlock(before.deployment_controller))?.type ?? "ECS",
  );
  const other = entryOf(controllers, controller);
  if (other !== undefined) {
    return { reasons: [], consequence: elsewhere(controller, other, updated, forced, before, after) };
  }
  const reasons = updated.filter((name) => startsTasks(name, after) || (forced && name === "triggers"));
  if (forced && reasons.length === 0) reasons.push("force_new_deployment");
  if (reasons.length === 0 && updated.length > 0 && isUnknown(change.after_unknown, "force_new_deployment")) {
    const text = "whether new tasks are started is known after the apply: force_new_deployment isn't known yet";
    return { reasons, consequence: { downtime: "unknown", text, source: sourceOf("force_new_deployment") } };
  }
  if (reasons.length === 0) return { reasons, consequence: withoutDeployment(updated, names, before, after) };
  const scaled = scalingConsequence(before, after);
  if (scaled?.downtime === "outage") return { reasons: [], consequence: scaled };
  const deployed = deploymentConsequence(before, after);
  const text = forced && !names.includes("force_new_deployment") ? `${deployed.text}; ${whyForced}` : deployed.text;
  return { reasons, consequence: { ...deployed, text } };
}

function isUnknown(mask: unknown, name: string): boolean {
  return typeof mask === "object" && mask !== null && (mask as Values)[name] === true;
}

const whyForced = "force_new_deployment is set: every update of the service starts new tasks";

function startsTasks(name: string, after: Values): boolean {
  if (argumentOf(name)?.effect !== "new tasks") return false;
  if (name === "force_new_deployment") return after.force_new_deployment === true;
  // The provider leaves an empty list out, and what isn't passed stays as it is.
  return !(name === "volume_configuration" && isEmpty(after.volume_configuration));
}

function withoutDeployment(
  updated: readonly string[],
  names: readonly string[],
  before: Values,
  after: Values,
): Consequence {
  const unknown = updated.filter((name) => argumentOf(name) === undefined);
  if (unknown.length > 0) {
    const text = `whether ${unknown.join(", ")} starts new tasks is not known here: read the provider's and AWS's documentation`;
    return { downtime: "unknown", text };
  }
  const scaled = scalingConsequence(before, after);
  const [telling] = updated.filter((name) => name !== "desired_count");
  if (scaled !== undefined) {
    const others = telling === undefined ? "" : "; no new deployment is started";
    return { ...scaled, text: `${scaled.text}${others}`, source: scaled.source ?? sourceOf("desired_count") };
  }
  const told = (updated.length > 0 ? updated : names).map((name) => ({ name, text: argumentOf(name)?.text }));
  const texts = [...new Set(told.flatMap(({ text }) => text || []))];
  const [first] = told;
  const text = ["no new tasks are started for it", ...texts].join("; ");
  return { downtime: "none", text, ...(first !== undefined && { source: sourceOf(first.name) }) };
}

/** Of a service that CodeDeploy or something else deploys. */
function elsewhere(
  controller: string,
  { takes, deployBy }: Controller,
  updated: readonly string[],
  forced: boolean,
  before: Values,
  after: Values,
): Consequence {
  const refused = updated.filter((name) => {
    const parameter = argumentOf(name)?.parameter;
    if (name === "force_new_deployment" && after.force_new_deployment !== true) return false;
    return parameter !== undefined && !takes.includes(parameter);
  });
  const source = sourceOf("deployment_controller").replace(/#.*/, "");
  if (refused.length > 0) {
    return {
      downtime: "none",
      text: `AWS refuses to change ${refused.join(", ")} of a service with the deployment controller ${controller}: tasks go on, and ${deployBy} brings new ones`,
      source,
    };
  }
  if (forced) {
    return {
      downtime: "unknown",
      text: `force_new_deployment is set, and AWS documents nothing about it for the deployment controller ${controller}`,
      source,
    };
  }
  const consequence = withoutDeployment(updated, [], before, after);
  return { ...consequence, text: `${consequence.text}; ${deployBy} brings new tasks (${controller})`, source };
}
