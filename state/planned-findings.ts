/** What the stacks' plans would change, as findings: what differs, and where to act. */
import { type AttributeChange, plannedChanges, type ResourceChange } from "../lib/plan-changes";
import type { PlannedChange } from "../lib/terraform";
import { discreet, isSensitiveAt } from "./discretion";
import type { StateDocument } from "./document";
import {
  blockOf,
  type Finding,
  type FindingContext,
  finding,
  missing,
  type Plans,
  reason,
  undeclaredInstances,
} from "./findings";
import { resourceAddress } from "./inventory";
import { type AddressOwners, type StackId, stackIds } from "./parting";
import { unexpectedChanges } from "./proof";
import { whereToChange } from "./where-to-change";

export function plannedFindings(
  whole: StateDocument,
  owners: AddressOwners,
  plans: Plans,
  context: FindingContext,
): Finding[] {
  const held = new Set(whole.resources.map(resourceAddress));
  const undeclared = new Set(undeclaredInstances(whole, owners).map(({ address }) => address));
  return stackIds.flatMap((stack) => {
    const plan = plans[stack];
    if (plan === undefined) return [];
    const raw = new Map((plan.resource_changes ?? []).map((change) => [change.address, change]));
    const unexpected = new Set(unexpectedChanges([plan], plans.old).map(({ address }) => address));
    return plannedChanges(plan)
      .filter(({ address }) => !undeclared.has(address))
      .flatMap((change) => {
        const alsoByOldModule = !unexpected.has(change.address);
        return changeFindings(change, raw.get(change.address), stack, held, context).map((one) => ({
          ...one,
          alsoByOldModule,
        }));
      });
  });
}

function changeFindings(
  change: ResourceChange,
  raw: PlannedChange | undefined,
  stack: StackId,
  held: ReadonlySet<string>,
  context: FindingContext,
): Finding[] {
  const { address, actions } = change;
  const resource = address.replace(/\[.*$/, "");
  const [action, second] = actions;
  if (second === undefined && (action === "create" || action === "delete")) {
    if (action === "create" && !held.has(resource)) return [missing(address, stack, context)];
    return [
      finding(context, {
        kind: "instance key",
        address,
        stack,
        consequence: `Terraform would ${action === "create" ? "create it" : "destroy it"}${raw === undefined ? "" : reason(raw)}`,
        detail: action === "create" ? "the state lacks this key" : "no stack declares this key",
        where: whereToChange(address, undefined, stack),
      }),
    ];
  }
  const consequence = second === undefined ? "update in place" : "REPLACE";
  return change.attributes.map((attribute) =>
    finding(context, {
      kind: "argument",
      address,
      stack,
      consequence,
      detail: describedChange(attribute, raw, context),
      where: whereToChange(address, attribute.path, stack),
      oldModule: oldArgument(address, attribute.path, raw, context),
    }),
  );
}

function describedChange(
  { path, before, after }: AttributeChange,
  raw: PlannedChange | undefined,
  context: FindingContext,
): string {
  const inside = documentPaths(before, after);
  if (inside !== undefined) return `${path}: within the document: ${inside.join(", ")}`;
  const keys = path.split(".");
  const sensitive = [raw?.change.before_sensitive, raw?.change.after_sensitive].some((mask) =>
    isSensitiveAt(mask, keys),
  );
  const [from, to] = [before, after].map((value) => discreet(value, path, sensitive, context.secrets));
  return `${path}: ${from} → ${to}`;
}

/** Where two JSON texts differ, at most six places; undefined where they are none. */
function documentPaths(before: unknown, after: unknown): string[] | undefined {
  const [left, right] = [before, after].map(parsedDocument);
  if (left === undefined || right === undefined) return undefined;
  const paths = differingPaths(left, right, "");
  return paths.length > 6 ? [...paths.slice(0, 6), `and ${paths.length - 6} more`] : paths;
}

function parsedDocument(value: unknown): object | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function differingPaths(left: unknown, right: unknown, path: string): string[] {
  if (typeof left === "object" && typeof right === "object" && left !== null && right !== null) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => {
      const next = path === "" ? key : `${path}.${key}`;
      return differingPaths((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key], next);
    });
  }
  return left === right ? [] : [path];
}

/** The old module's line for an argument; without its text where that may hold a secret. */
function oldArgument(
  address: string,
  path: string,
  raw: PlannedChange | undefined,
  context: FindingContext,
): string | null {
  const location = blockOf(address, context);
  if (location === undefined) return null;
  const [fileName, start] = location.split(/:(?=\d+$)/);
  const lines = context.files.find((file) => file.name === fileName)?.lines ?? [];
  const keys = path.split(".");
  const argument = keys.findLast((key) => !/^\d+$/.test(key)) ?? "";
  const end = lines.findIndex((line, index) => index >= Number(start) && /^\}/.test(line));
  const index = lines.findIndex((line, at) => {
    return at >= Number(start) && at < end && new RegExp(`^\\s*${argument}\\s*=`).test(line);
  });
  if (index < 0) return `${location} says nothing of ${argument}`;
  const text = /=\s*(.*?)\s*$/.exec(lines[index] ?? "")?.[1] ?? "";
  const sensitive = isSensitiveAt(raw?.change.before_sensitive, keys);
  const bare = /^(true|false|-?\d+(\.\d+)?)$/.test(text);
  // References are what it is made of; anything else is shown as a plan's values are.
  const shown = /^(var|local|data|module|aws_\w+|each|count)\.[\w.[\]"*]+$/.test(text)
    ? text
    : discreet(bare ? JSON.parse(text) : text.replace(/^"(.*)"$/, "$1"), path, sensitive, []);
  return `${fileName}:${index + 1} says ${shown}`;
}
