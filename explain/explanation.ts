/** What plans would do, in the terms of whoever has to say yes: what restarts, what is lost, who notices. */
import { changedOutputs, plannedChanges } from "../lib/plan-changes";
import type { Plan, PlannedChange } from "../lib/terraform";
import { type Action, consequenceOf } from "./consequence";
import { type ContainerChange, containerChanges, parsedContainers } from "./container-definitions";
import { deploymentConsequence, deploymentReasons, taskDefinitionOf } from "./deployments";
import { driftOf } from "./drift";
import { isEmpty } from "./empty";
import { type Consequence, harmlessWhenReplaced, knowledge } from "./knowledge";
import { Secrecy } from "./secrecy";

export interface NamedPlan {
  /** What the plan is called in the explanation: `app`. */
  readonly name: string;
  readonly plan: Plan;
}

export interface ExplainedAttribute {
  readonly path: string;
  /** Withheld where they are sensitive. */
  readonly before: unknown;
  readonly after: unknown;
  /** Whether it is what the object is replaced for. */
  readonly forcesReplacement: boolean;
}

export interface ExplainedChange {
  readonly plan: string;
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Whether an object in AWS ceases to exist, with what it holds. */
  readonly destructive: boolean;
  /** Whether it holds what nothing brings back. */
  readonly stateful: boolean;
  /** A leftover of an earlier replacement, not the object that is in use. */
  readonly deposed: boolean;
  /** Why, where it can't be seen from the attributes. */
  readonly reason?: string;
  /** Of an update or replacement; of a task definition without its containers. */
  readonly attributes: readonly ExplainedAttribute[];
  /** Of a new revision of a task definition. */
  readonly containers: readonly ContainerChange[];
  readonly consequence: Consequence;
}

export interface Restart {
  readonly plan: string;
  readonly service: string;
  readonly address: string;
  /** The arguments of the service for whose sake its tasks are replaced. */
  readonly reasons: readonly string[];
  /** Of the task definition, where that is why. */
  readonly taskDefinitionAddress?: string;
  /** What changes in it beside its containers: `cpu`, `task_role_arn`. */
  readonly taskDefinition: readonly ExplainedAttribute[];
  readonly containers: readonly ContainerChange[];
  readonly consequence: Consequence;
}

/** An object at its address: moved there, brought in, or changed by somebody else. */
export interface Mention {
  readonly plan: string;
  readonly address: string;
  readonly detail: string;
}

export interface Explanation {
  readonly plans: readonly string[];
  /** The destructive ones first, of those the stateful ones. */
  readonly changes: readonly ExplainedChange[];
  readonly restarts: readonly Restart[];
  readonly outputs: readonly Mention[];
  readonly moved: readonly Mention[];
  readonly imported: readonly Mention[];
  /** Changed by others since Terraform last looked. */
  readonly drift: readonly Mention[];
  readonly notes: readonly string[];
  /** 0 nothing, 2 changes, 3 destructive. */
  readonly exitCode: 0 | 2 | 3;
}

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is tainted: an earlier apply left it unfinished",
  replace_by_request: "it was asked for (-replace)",
  replace_by_triggers: "by replace_triggered_by",
  delete_because_no_resource_config: "it is no longer declared",
  delete_because_no_module: "its module is no longer declared",
  delete_because_wrong_repetition: "count and for_each have been exchanged",
  delete_because_count_index: "count is smaller",
  delete_because_each_key: "for_each no longer has its key",
  delete_because_no_move_target: "what it was moved to is not declared",
};

const outputWords: Readonly<Record<string, string>> = { create: "new", delete: "gone" };

function actionOf({ type, change: { actions } }: PlannedChange): Action | undefined {
  if (actions.includes("forget")) return actions.includes("create") ? "create" : "forget";
  const [created, deleted] = [actions.includes("create"), actions.includes("delete")];
  if (created && deleted) return type === "aws_ecs_task_definition" ? "revision" : "replace";
  if (created) return "create";
  if (deleted) return "destroy";
  return actions.includes("update") ? "update" : undefined;
}

function destroys(action: Action, { type, change, deposed }: PlannedChange): boolean {
  if (action !== "replace" && action !== "destroy") return false;
  const harmless = harmlessWhenReplaced[type]?.(change.before ?? {}) === true;
  return !(harmless && (action === "replace" || type === "aws_ecs_task_definition" || deposed !== undefined));
}

/** What changes; of a task definition its containers are told apart, by `containersOf`. */
function attributesOf(planned: PlannedChange, secrecy: Secrecy): ExplainedAttribute[] {
  const { before, after, replace_paths: forcing = [] } = planned.change;
  if (before === null || after === null) return [];
  const forced = forcing.map((path) => path.join("."));
  const [change] = plannedChanges({ resource_changes: [secrecy.cleanChange(planned)] });
  return (change?.attributes ?? [])
    .map((attribute) => ({
      ...attribute,
      forcesReplacement: forced.some((path) => path === attribute.path || attribute.path.startsWith(`${path}.`)),
    }))
    .filter(({ path, before: old, after: now, forcesReplacement }) => {
      if (planned.type === "aws_ecs_task_definition" && path === "container_definitions") return false;
      if (forcesReplacement) return true;
      // What AWS will say of the new object is no news, nor is one emptiness for another.
      const replaced = planned.change.actions.length > 1;
      return (
        !(now === "(known after apply)" && (replaced || old === null)) && !(replaced && isEmpty(old) && isEmpty(now))
      );
    });
}

function rootNames(attributes: readonly { readonly path: string }[]): string[] {
  return [...new Set(attributes.map(({ path }) => path.split(".")[0] ?? path))];
}

function explainedChange(named: NamedPlan, planned: PlannedChange, secrecy: Secrecy): ExplainedChange | undefined {
  const action = actionOf(planned);
  if (action === undefined) return undefined;
  const attributes = attributesOf(planned, secrecy);
  const destructive = destroys(action, planned);
  return {
    plan: named.name,
    address: planned.address,
    type: planned.type,
    action,
    destructive,
    stateful: knowledge[planned.type]?.rank === 0,
    deposed: planned.deposed !== undefined,
    reason: planned.action_reason === undefined ? undefined : reasons[planned.action_reason],
    attributes,
    containers: action === "revision" ? containersOf(planned, secrecy) : [],
    consequence: consequenceOf(action, planned, rootNames(attributes), named.plan),
  };
}

function restartOf(named: NamedPlan, service: PlannedChange, secrecy: Secrecy): Restart | undefined {
  const { before, after, actions } = service.change;
  if (service.type !== "aws_ecs_service" || before === null || after === null || actions.join() !== "update")
    return undefined;
  const causes = deploymentReasons(rootNames(attributesOf(service, secrecy)));
  if (causes.length === 0) return undefined;
  const revision = causes.includes("task_definition") ? taskDefinitionOf(service, named.plan) : undefined;
  return {
    plan: named.name,
    service: String(after.name ?? before.name ?? service.address),
    address: service.address,
    reasons: causes,
    taskDefinitionAddress: revision?.address,
    taskDefinition: revision === undefined ? [] : attributesOf(revision, secrecy),
    containers: revision === undefined ? [] : containersOf(revision, secrecy),
    consequence: deploymentConsequence(before, after),
  };
}

function containersOf({ change }: PlannedChange, secrecy: Secrecy): ContainerChange[] {
  const [before, after] = [change.before, change.after].map((side) => parsedContainers(side?.container_definitions));
  if (before === undefined || after === undefined) {
    return [{ container: "(all)", differences: ["known after apply: the plan can't tell what changes"] }];
  }
  const marked = (mask: unknown) =>
    (mask as { container_definitions?: unknown } | undefined)?.container_definitions === true;
  const namesOnly = marked(change.before_sensitive) || marked(change.after_sensitive);
  return containerChanges(before, after, namesOnly).map(({ container, differences }) => ({
    container: secrecy.clean(container),
    differences: differences.map((text) => secrecy.clean(text)),
  }));
}

function byWeight(a: ExplainedChange, b: ExplainedChange): number {
  const weight = ({ destructive, type }: ExplainedChange) => (destructive ? 0 : 10) + (knowledge[type]?.rank ?? 2);
  return weight(a) - weight(b);
}

/** Outputs that other plans of the same set were made with as they were before. */
function staleReaders(plans: readonly NamedPlan[]): string[] {
  return plans.flatMap(({ name, plan }) => {
    if (changedOutputs(plan).length === 0) return [];
    const reading = plans.filter(
      (other) =>
        other.plan !== plan &&
        other.plan.configuration?.root_module?.resources?.some(({ address }) =>
          address.startsWith(`data.terraform_remote_state.${name}`),
        ),
    );
    return reading.map(
      (other) =>
        `The outputs of ${name} change, and ${other.name} was planned with the old ones: plan it again when ${name} is applied.`,
    );
  });
}

function notesOf({ name, plan }: NamedPlan, changes: number): string[] {
  const read = (plan.resource_changes ?? []).filter(
    ({ mode, change }) => mode === "data" && change.actions.includes("read"),
  );
  const deferred = plan.deferred_changes?.length ?? 0;
  return [
    ...(read.length === 0
      ? []
      : [
          `${name}: read during the apply, since they depend on what changes: ${read.map(({ address }) => address).join(", ")}.`,
        ]),
    ...(deferred === 0 ? [] : [`${name}: ${deferred} changes are deferred to a later plan, and not told here.`]),
    ...(changes === 0 && plan.applyable === true
      ? [`${name}: an apply would only bring the state up to date with what is there.`]
      : []),
  ];
}

/** @param plans in the order in which they are applied */
export function explanation(plans: readonly NamedPlan[]): Explanation {
  const parts = plans.map((named) => {
    const { name, plan } = named;
    const secrecy = new Secrecy(plan);
    const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
    const mention = (planned: PlannedChange, detail: string): Mention => ({
      plan: name,
      address: planned.address,
      detail,
    });
    const changes = managed.flatMap((planned) => explainedChange(named, planned, secrecy) ?? []);
    const outputs = changedOutputs(plan).map((output) => ({
      plan: name,
      address: `output.${output}`,
      detail: outputWords[plan.output_changes?.[output]?.actions[0] ?? ""] ?? "changed",
    }));
    const moved = managed.flatMap((planned) =>
      planned.previous_address === undefined || planned.previous_address === planned.address
        ? []
        : [mention(planned, `from ${planned.previous_address}`)],
    );
    const imported = managed
      .filter(({ change }) => change.importing !== undefined)
      .map((planned) => mention(planned, "an object that is there already"));
    const restarts = managed.flatMap((planned) => restartOf(named, planned, secrecy) ?? []);
    const drift = driftOf(plan, secrecy).map(({ address, detail }) => ({ plan: name, address, detail }));
    const count = changes.length + outputs.length + moved.length + imported.length;
    const stateOnly = count === 0 && plan.applyable === true;
    return {
      changes,
      outputs,
      moved,
      imported,
      restarts,
      drift,
      notes: notesOf(named, count),
      any: count > 0 || stateOnly,
    };
  });
  const changes = parts.flatMap((part) => part.changes).sort(byWeight);
  const destructive = changes.some((change) => change.destructive);
  return {
    plans: plans.map(({ name }) => name),
    changes,
    restarts: parts.flatMap((part) => part.restarts),
    outputs: parts.flatMap((part) => part.outputs),
    moved: parts.flatMap((part) => part.moved),
    imported: parts.flatMap((part) => part.imported),
    drift: parts.flatMap((part) => part.drift),
    notes: [...staleReaders(plans), ...parts.flatMap((part) => part.notes)],
    exitCode: destructive ? 3 : parts.some((part) => part.any) ? 2 : 0,
  };
}
