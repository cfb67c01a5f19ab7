/** What a plan says beside its changes, in a sentence each. Nothing that it says is passed over. */
import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { shownText } from "../../lib/secrecy/shown-value";
import { objectsOf, type Plan, type PlannedChange } from "../../terraform/plan";
import { isTransient } from "./action";
import type { NamedPlan } from "./explained";

/** Addresses that are told one by one. */
const told = 10;

function list(names: readonly string[]): string {
  const more = names.length - told;
  return names.slice(0, told).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function addressesOf(changes: readonly PlannedChange[]): string {
  return list(changes.map(({ address }) => address));
}

/** Checks and conditions whose assertions don't hold. https://developer.hashicorp.com/terraform/language/checks */
function checkNotes(plan: Plan, known: KnownSecrets): string[] {
  const checks = objectsOf(plan.checks);
  const nameOf = ({ address }: Readonly<Record<string, unknown>>) => {
    const { to_display: name } = (typeof address === "object" ? address : {}) as { to_display?: unknown };
    return typeof name === "string" ? name : "a check that has no name";
  };
  const failing = checks.filter(({ status }) => status !== "pass" && status !== "unknown");
  const unknown = checks.filter(({ status }) => status === "unknown");
  return [
    ...failing.map((check) => {
      const problems = objectsOf(check.instances).flatMap(({ problems: all }) => objectsOf(all));
      const messages = problems.map(({ message }) => shownText(String(message), known)).join("; ");
      return `a condition of ${nameOf(check)} doesn't hold${messages === "" ? "" : `: ${messages}`}`;
    }),
    ...(unknown.length === 0
      ? []
      : [`whether these conditions hold is known after the apply: ${list(unknown.map(nameOf))}`]),
  ];
}

/** Modes and what happens in them, where it is no change of a managed resource. */
function modeNotes(changes: readonly PlannedChange[]): string[] {
  const does = (mode: string) =>
    changes.filter((one) => one.mode === mode && isTransient(one) && !one.change.actions.includes("no-op"));
  const [read, opened] = [does("data"), does("ephemeral")];
  const others = changes.filter(({ mode }) => !["managed", "data", "ephemeral"].includes(mode));
  return [
    ...(read.length === 0 ? [] : [`read during the apply, since they depend on what changes: ${addressesOf(read)}`]),
    ...(opened.length === 0 ? [] : [`opened for the time of the apply, and in no state: ${addressesOf(opened)}`]),
    ...[...new Set(others.map(({ mode }) => mode))].map((mode) => {
      const such = others.filter((one) => one.mode === mode);
      const words = [...new Set(such.flatMap(({ change }) => change.actions))].join(", ");
      return `the mode ${mode} is not known here (${words}): ${addressesOf(such)}`;
    }),
  ];
}

/** @param changes how many there are of everything that is told */
export function notesOf({ plan, isOwn = false }: NamedPlan, changes: number, known: KnownSecrets): string[] {
  const drifted = (plan.resource_drift ?? []).length > 0;
  const stateAlone = changes === 0 && plan.applyable === true && plan.errored !== true;
  return [
    ...(plan.errored === true
      ? ["the plan failed half-way: it is not whole and can't be applied; correct what Terraform said, and plan again"]
      : []),
    ...(plan.complete === false && plan.errored !== true
      ? ["the plan covers only a part (-target, or what is deferred): plan again after its apply"]
      : []),
    ...modeNotes(plan.resource_changes ?? []),
    ...checkNotes(plan, known),
    ...(stateAlone ? ["an apply would only bring the state up to date with what is there"] : []),
    ...(changes === 0 && drifted && plan.applyable == null && !isOwn
      ? ["if it is a refresh-only plan, its apply writes into the state what has changed outside"]
      : []),
  ];
}
