/** The explanation as sections of items, for a person: what text and Markdown have in common. */
import { shown } from "../../lib/user-error";
import type { ContainerChange } from "../ecs/container-definitions";
import type { Consequence, Downtime } from "./downtime";
import type { ExplainedAttribute, ExplainedChange, Explanation, Mention, Restart } from "./explained";

export interface Item {
  /** Address or name. */
  readonly name: string;
  /** What happens to it, in a word or two. */
  readonly what: string;
  readonly plan: string;
  readonly address: string;
  /** What a picture shows of it; nothing where the object stays as it is. */
  readonly mark?: Mark;
  readonly lines: readonly string[];
  /** A page of AWS. */
  readonly source?: string;
}

export type Mark = "destroyed" | "replaced" | "restarts" | "changed" | "created" | "removed" | "revision" | "unknown";

export interface Section {
  readonly title: string;
  readonly loud: boolean;
  readonly items: readonly Item[];
}

const words: Readonly<Record<ExplainedChange["action"], string>> = {
  create: "created",
  update: "changed in place",
  replace: "replaced",
  destroy: "destroyed",
  forget: "forgotten, not destroyed",
  revision: "new revision",
  unknown: "something else",
};

const downtimes: Readonly<Record<Downtime, string>> = {
  none: "downtime: none expected",
  short: "downtime: seconds to minutes",
  outage: "downtime: until it is brought back",
  unknown: "downtime: not known",
};

/** Attributes that are told one by one; the others as a number. */
const told = 8;

function valueText(value: unknown): string {
  return typeof value === "string" && value.startsWith("(") ? value : shown(value);
}

function attributeLines(attributes: readonly ExplainedAttribute[]): string[] {
  // What the object is replaced for comes first.
  const sorted = [...attributes].sort((a, b) => Number(b.forcesReplacement) - Number(a.forcesReplacement));
  const lines = sorted
    .slice(0, told)
    .map(
      ({ path, before, after, forcesReplacement }) =>
        `${path}: ${valueText(before)} → ${valueText(after)}${forcesReplacement ? "  (forces the replacement)" : ""}`,
    );
  return sorted.length > told ? [...lines, `and ${sorted.length - told} more`] : lines;
}

function consequenceLine({ downtime, text }: Consequence): string {
  return `${downtimes[downtime]}; ${text}`;
}

function markOf({ action, destructive }: ExplainedChange): Mark {
  if (action === "replace") return "replaced";
  if (action === "destroy") return destructive ? "destroyed" : "removed";
  return action === "create" ? "created" : action === "update" ? "changed" : action === "forget" ? "removed" : action;
}

function changeItem(change: ExplainedChange): Item {
  const { address, action, plan, reason, attributes, destructive, consequence, deposed } = change;
  const what = destructive && action === "unknown" ? "may be destroyed" : words[action];
  return {
    name: address,
    what: `${destructive ? what.toUpperCase() : what}${deposed ? " (a deposed object)" : ""}`,
    plan,
    address,
    mark: markOf(change),
    lines: [
      ...(reason === undefined ? [] : [`because ${reason}`]),
      ...attributeLines(attributes),
      ...(action === "create" ? [] : [destructive ? `lost: ${consequence.text}` : consequenceLine(consequence)]),
      ...(destructive ? [downtimes[consequence.downtime]] : []),
    ],
    source: action === "create" ? undefined : consequence.source,
  };
}

function containerLines(containers: readonly ContainerChange[]): string[] {
  return containers.flatMap(({ container, differences }) =>
    differences.map((text) => `container ${container}: ${text}`),
  );
}

/** A revision that no service of its plan takes up: one that a service does is told with the service. */
function revisionItem(change: ExplainedChange, restarts: readonly Restart[]): Item {
  const { attributes, containers, ...rest } = change;
  const users = restarts.filter(
    ({ plan, taskDefinitionAddress }) => plan === change.plan && taskDefinitionAddress === change.address,
  );
  if (users.length > 0) {
    const item = changeItem({ ...rest, attributes: [], containers });
    return { ...item, lines: [`for ${users.map(({ service }) => service).join(", ")}, see above`, ...item.lines] };
  }
  const item = changeItem(change);
  return { ...item, lines: [...containerLines(containers), "no service of this plan takes it up", ...item.lines] };
}

function restartItem({ service, address, plan, reasons, containers, taskDefinition, consequence }: Restart): Item {
  return {
    name: service,
    what: `new tasks, for ${reasons.join(", ")}`,
    plan,
    address,
    mark: "restarts",
    lines: [
      ...containerLines(containers),
      ...attributeLines(taskDefinition).map((line) => `task definition: ${line}`),
      consequenceLine(consequence),
      address,
    ],
    source: consequence.source,
  };
}

function mentionItem(what: string): (mention: Mention) => Item {
  return ({ address, detail, plan }) => ({ name: address, what: `${what} ${detail}`.trim(), plan, address, lines: [] });
}

/** The sections that have something in them, what hurts most first. */
export function sections(explained: Explanation): Section[] {
  const { changes, restarts, outputs, moved, imported, invoked, deferred, undescribed, drift } = explained;
  const restarting = new Set(restarts.map(({ plan, address }) => `${plan} ${address}`));
  const quiet = changes.filter(({ destructive }) => !destructive);
  const of = (...actions: ExplainedChange["action"][]) => quiet.filter(({ action }) => actions.includes(action));
  const inPlace = of("update").filter(({ plan, address }) => !restarting.has(`${plan} ${address}`));
  const all: Section[] = [
    {
      title: "DESTROYED OR REPLACED",
      loud: true,
      items: changes.filter(({ destructive }) => destructive).map(changeItem),
    },
    { title: "Restarts", loud: false, items: restarts.map(restartItem) },
    { title: "Changed in place", loud: false, items: inPlace.map(changeItem) },
    {
      title: "Replaced or removed, and nothing is lost",
      loud: false,
      items: of("revision", "replace", "destroy").map((change) =>
        change.action === "revision" ? revisionItem(change, restarts) : changeItem(change),
      ),
    },
    { title: "An action that is not known here", loud: true, items: of("unknown").map(changeItem) },
    { title: "No longer managed", loud: false, items: of("forget").map(changeItem) },
    { title: "Created", loud: false, items: of("create").map(changeItem) },
    { title: "Actions that are invoked", loud: false, items: invoked.map(mentionItem("")) },
    { title: "Deferred to a later plan", loud: false, items: deferred.map(mentionItem("")) },
    {
      title: "Sections of the plan that are not known here: read what Terraform prints",
      loud: true,
      items: undescribed.map(mentionItem("")),
    },
    { title: "Outputs", loud: false, items: outputs.map(mentionItem("")) },
    { title: "Moved, with no change to the object", loud: false, items: moved.map(mentionItem("")) },
    { title: "Imported", loud: false, items: imported.map(mentionItem("")) },
    { title: "Changed outside of Terraform", loud: false, items: drift.map(mentionItem("")) },
  ];
  return all.filter(({ items }) => items.length > 0);
}

/** The whole in one sentence. */
export function summary({
  changes,
  restarts,
  outputs,
  moved,
  imported,
  invoked,
  deferred,
  undescribed,
  failed,
  plans,
  exitCode,
}: Explanation): string {
  const about = `${plans.join(" and ")}: `;
  if (exitCode === 0) return `${about}nothing changes.`;
  const count = (number: number, one: string, many = one) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const lost = changes.filter(({ destructive }) => destructive);
  const quiet = changes.filter(({ destructive }) => !destructive);
  const parts = [
    ...count(failed.length, "PLAN FAILED HALF-WAY", "PLANS FAILED HALF-WAY"),
    ...count(lost.length, "DESTROYED OR REPLACED"),
    ...count(lost.filter(({ stateful }) => stateful).length, "of them HOLDING DATA"),
    ...count(restarts.length, "service restarts", "services restart"),
    ...count(changes.filter(({ action }) => action === "update").length, "changed in place"),
    ...count(
      quiet.filter(({ action }) => action === "replace" || action === "destroy").length,
      "replaced or removed without loss",
    ),
    ...count(
      changes.filter(({ action }) => action === "revision").length,
      "new task-definition revision",
      "new task-definition revisions",
    ),
    ...count(changes.filter(({ action }) => action === "create").length, "created"),
    ...count(changes.filter(({ action }) => action === "forget").length, "forgotten"),
    ...count(quiet.filter(({ action }) => action === "unknown").length, "of an unknown action"),
    ...count(outputs.length, "output", "outputs"),
    ...count(invoked.length, "action invoked", "actions invoked"),
    ...count(deferred.length, "deferred"),
    ...count(undescribed.length, "section that is not known here", "sections that are not known here"),
    ...count(moved.length, "moved"),
    ...count(imported.length, "imported"),
  ];
  return `${about}${parts.length === 0 ? "only the state changes" : parts.join(", ")}.`;
}
