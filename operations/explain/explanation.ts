/** What plans would do, in the terms of whoever has to say yes: what restarts, what is lost, who notices. */
import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { objectsOf, type Plan, type PlannedChange, readChange } from "../../terraform/plan";
import { changedOutputs } from "../../terraform/plan-changes";
import { secretsOf } from "../../terraform/plan-secrets";
import { actionOf, isTransient } from "./action";
import { explainedChange, restartOf, unsaidChange } from "./changes";
import { driftOf } from "./drift";
import type { ExplainedChange, Explanation, Mention, NamedPlan } from "./explained";
import { rankOf } from "./knowledge";
import { notesOf } from "./notes";
import { undescribedSections, unsaidDestructions } from "./unsaid";
import { entryOf } from "./values";

const outputWords: Readonly<Record<string, string>> = { create: "new", delete: "gone" };

function byWeight(a: ExplainedChange, b: ExplainedChange): number {
  const weight = ({ destructive, type }: ExplainedChange) => (destructive ? 0 : 10) + rankOf(type);
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

/** What `action` blocks do, since Terraform 1.14. */
function invokedIn(actions: unknown): Pick<Mention, "address" | "detail">[] {
  return objectsOf(actions).map(({ address, type, lifecycle_action_trigger: trigger }) => {
    const [{ triggering_resource_address: resource, action_trigger_event: event } = {}] = objectsOf([trigger]);
    const when = typeof resource === "string" ? `${String(event ?? "with")} of ${resource}` : "by itself";
    return { address: typeof address === "string" ? address : `an action (${String(type)})`, detail: when };
  });
}

/** What a later plan will do: Terraform can't tell yet, or it waits for something else. */
function deferredIn(plan: Plan): Pick<Mention, "address" | "detail">[] {
  const ofChanges = objectsOf(plan.deferred_changes).map(({ reason, resource_change: raw }) => {
    const change = readChange(raw);
    const words = change?.change.actions.join(" and ") ?? "a change";
    return { address: change?.address ?? "a resource", detail: `${words}, later: ${wordsOf(reason)}` };
  });
  const ofActions = objectsOf(plan.deferred_action_invocations).map(({ reason, action_invocation: action }) => {
    const [{ address = "an action" } = {}] = invokedIn([action]);
    return { address, detail: `invoked later: ${wordsOf(reason)}` };
  });
  return [...ofChanges, ...ofActions];
}

function wordsOf(reason: unknown): string {
  return typeof reason === "string" ? reason.replaceAll("_", " ") : "no reason told";
}

function movedIn(changes: readonly PlannedChange[]): Pick<Mention, "address" | "detail">[] {
  return changes.flatMap(({ address, previous_address: previous }) =>
    previous == null || previous === address ? [] : [{ address, detail: `from ${previous}` }],
  );
}

function outputsIn(plan: Plan): Pick<Mention, "address" | "detail">[] {
  return changedOutputs(plan).map((output) => ({
    address: `output.${output}`,
    detail: entryOf(outputWords, plan.output_changes?.[output]?.actions[0] ?? "") ?? "changed",
  }));
}

function part(named: NamedPlan) {
  const { name, plan } = named;
  const known: KnownSecrets = secretsOf(plan);
  const mentions = (all: readonly Pick<Mention, "address" | "detail">[]): Mention[] =>
    all.map((mention) => ({ plan: name, ...mention }));
  const all = plan.resource_changes ?? [];
  const lasting = all.filter((planned) => !isTransient(planned) || actionOf(planned) !== undefined);
  const told = {
    changes: [
      ...lasting.flatMap((planned) => explainedChange(named, planned, known) ?? []),
      ...unsaidDestructions(plan).map((unsaid) => unsaidChange(name, unsaid)),
    ],
    outputs: mentions(outputsIn(plan)),
    moved: mentions(movedIn(lasting)),
    imported: mentions(
      lasting
        .filter(({ change }) => change.importing != null)
        .map(({ address }) => ({ address, detail: "an object that is there already" })),
    ),
    invoked: mentions(invokedIn(plan.action_invocations)),
    deferred: mentions(deferredIn(plan)),
    undescribed: mentions(undescribedSections(plan).map((section) => ({ address: section, detail: "" }))),
  };
  const count = Object.values(told).reduce((sum, { length }) => sum + length, 0);
  return {
    ...told,
    restarts: lasting.flatMap((planned) => restartOf(named, planned, known) ?? []),
    drift: mentions(driftOf(plan, known)),
    notes: notesOf(named, count, known).map((note) => `${name}: ${note.replace(/[.!?]$/, "")}.`),
    any:
      plan.applyable === true ||
      plan.errored === true ||
      count - (plan.applyable === false ? told.undescribed.length : 0) > 0,
  };
}

/** @param plans in the order in which they are applied */
export function explanation(plans: readonly NamedPlan[]): Explanation {
  const parts = plans.map(part);
  const changes = parts.flatMap((one) => one.changes).sort(byWeight);
  const destructive = changes.some((change) => change.destructive);
  return {
    plans: plans.map(({ name }) => name),
    changes,
    restarts: parts.flatMap((one) => one.restarts),
    outputs: parts.flatMap((one) => one.outputs),
    moved: parts.flatMap((one) => one.moved),
    imported: parts.flatMap((one) => one.imported),
    invoked: parts.flatMap((one) => one.invoked),
    deferred: parts.flatMap((one) => one.deferred),
    undescribed: parts.flatMap((one) => one.undescribed),
    drift: parts.flatMap((one) => one.drift),
    failed: plans.filter(({ plan }) => plan.errored === true).map(({ name }) => name),
    notes: [...staleReaders(plans), ...parts.flatMap((one) => one.notes)],
    exitCode: destructive ? 3 : parts.some((one) => one.any) ? 2 : 0,
  };
}
