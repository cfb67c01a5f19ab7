/** The changes of resources, each with what it means. */
import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import type { PlannedChange } from "../../terraform/plan";
import { type AttributeChange, knownAfterApply, attributesOf as rawAttributesOf } from "../../terraform/plan-changes";
import { isMarkedAt, shownChanges } from "../../terraform/shown-changes";
import { type ContainerChange, containerChanges, parsedContainers } from "../ecs/container-definitions";
import { type Action, actionOf, doubtOf } from "./action";
import { consequenceOf } from "./consequence";
import { taskDefinitionOf } from "./deployments";
import { isEmpty } from "./empty";
import type { ExplainedAttribute, ExplainedChange, NamedPlan, Restart } from "./explained";
import { harmlessness } from "./harmless";
import { rankOf } from "./knowledge";
import { serviceUpdate } from "./service-update";
import type { Unsaid } from "./unsaid";
import { entryOf } from "./values";

const reasons: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "",
  replace_because_tainted: "it is tainted: an earlier apply left it unfinished",
  replace_by_request: "it was asked for (-replace)",
  replace_by_triggers: "by replace_triggered_by",
  delete_because_no_resource_config: "it is no longer declared",
  delete_because_no_module: "its module is no longer declared",
  delete_because_wrong_repetition: "count and for_each have been exchanged",
  delete_because_count_index: "count is smaller",
  delete_because_enabled_false: "enabled is false",
  delete_because_each_key: "for_each no longer has its key",
  delete_because_no_move_target: "what it was moved to is not declared",
  forgot_because_lifecycle_destroy_in_config: "lifecycle.destroy is false",
  forgot_because_lifecycle_destroy_in_state: "lifecycle.destroy was false",
};

function reasonOf({ action_reason: reason }: PlannedChange): string {
  return reason == null ? "" : (entryOf(reasons, reason) ?? reason.replaceAll("_", " "));
}

function isDestructive(action: Action, planned: PlannedChange, plan: NamedPlan["plan"]): boolean {
  if (action === "revision") return harmlessness(false, planned, plan) === undefined;
  if (action !== "replace" && action !== "destroy") return false;
  return harmlessness(action === "destroy", planned, plan) === undefined;
}

/** What changes; of a task definition its containers are told apart, by `containersOf`. */
function attributesOf(planned: PlannedChange, known: KnownSecrets): ExplainedAttribute[] {
  const { before, after, replace_paths: forcing, actions } = planned.change;
  if (before === null || after === null) return [];
  const forced = (forcing ?? []).map((path) => path.map(String));
  const forces = ({ keys }: AttributeChange) => forced.some((path) => path.every((key, at) => key === keys[at]));
  const isNews = (attribute: AttributeChange) => {
    const { keys, before: old, after: now } = attribute;
    if (planned.type === "aws_ecs_task_definition" && keys[0] === "container_definitions") return false;
    if (forces(attribute)) return true;
    // What AWS will say of the new object is no news, nor is one emptiness for another.
    const replaced = actions.length > 1;
    return !(now === knownAfterApply && (replaced || old === null)) && !(replaced && isEmpty(old) && isEmpty(now));
  };
  return shownChanges(planned, known, isNews).map((attribute) => ({
    path: attribute.path,
    before: attribute.before,
    after: attribute.after,
    forcesReplacement: forces(attribute),
  }));
}

function rootNames(attributes: readonly { readonly path: string }[]): string[] {
  return [...new Set(attributes.map(({ path }) => path.split(".")[0] ?? path))];
}

/** Of a service, what isn't known yet counts, too: `triggers` that the apply makes. */
function changedNames(planned: PlannedChange, told: readonly ExplainedAttribute[]): string[] {
  const unknown = planned.type === "aws_ecs_service" ? rawAttributesOf(planned.change) : [];
  return [...new Set([...rootNames(told), ...unknown.flatMap(({ keys }) => keys[0] ?? [])])];
}

export function explainedChange(
  named: NamedPlan,
  planned: PlannedChange,
  known: KnownSecrets,
): ExplainedChange | undefined {
  const action = actionOf(planned);
  if (action === undefined) return undefined;
  const attributes = attributesOf(planned, known);
  const destructive = isDestructive(action, planned, named.plan);
  return {
    plan: named.name,
    address: planned.address,
    type: planned.type,
    action,
    destructive,
    stateful: rankOf(planned.type) === 0,
    deposed: planned.deposed != null,
    reason: [reasonOf(planned), doubtOf(planned, action)].filter(Boolean).join("; ") || undefined,
    attributes,
    containers: action === "revision" ? containersOf(planned, known) : [],
    consequence: consequenceOf(action, planned, changedNames(planned, attributes), named.plan),
  };
}

export function restartOf(named: NamedPlan, service: PlannedChange, known: KnownSecrets): Restart | undefined {
  const { before, after, actions } = service.change;
  if (service.type !== "aws_ecs_service" || before === null || after === null || actions.join() !== "update")
    return undefined;
  const { reasons: causes, consequence } = serviceUpdate(service, changedNames(service, attributesOf(service, known)));
  if (causes.length === 0) return undefined;
  const revision = causes.includes("task_definition") ? taskDefinitionOf(service, named.plan) : undefined;
  return {
    plan: named.name,
    service: String(after.name ?? before.name ?? service.address),
    address: service.address,
    reasons: causes,
    taskDefinitionAddress: revision?.address,
    taskDefinition: revision === undefined ? [] : attributesOf(revision, known),
    containers: revision === undefined ? [] : containersOf(revision, known),
    consequence,
  };
}

function containersOf({ change }: PlannedChange, known: KnownSecrets): ContainerChange[] {
  const [before, after] = [change.before, change.after].map((side) => parsedContainers(side?.container_definitions));
  if (before === undefined || after === undefined) {
    return [{ container: "(all)", differences: ["known after apply: the plan can't tell what changes"] }];
  }
  const namesOnly = isMarkedAt([change.before_sensitive, change.after_sensitive], ["container_definitions"]);
  return containerChanges(before, after, known, { namesOnly });
}

/** An object that a plan may destroy without saying so. */
export function unsaidChange(name: string, { address, type, reason }: Unsaid): ExplainedChange {
  return {
    plan: name,
    address,
    type,
    action: "unknown",
    destructive: true,
    stateful: rankOf(type) === 0,
    deposed: false,
    reason,
    attributes: [],
    containers: [],
    consequence: { downtime: "unknown", text: "not known here: read what Terraform prints" },
  };
}
