/** Why an attribute changes, by the plan itself: its configuration's expressions, unknown values and replace paths. */
import { parseAddress, parseReference, withoutKeys } from "../../terraform/address";
import type { ConfiguredResource, Plan, PlannedChange } from "../../terraform/plan";
import { type AttributeChange, attributesOf, knownAfterApply } from "../../terraform/plan-changes";
import { type StackId, stackIds } from "../split-state";
import { unknownOutput } from "../unknown-outputs";
import type { Plans } from "./finding";
import { byTag } from "./tags";

type Expression = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Expression {
  return typeof value === "object" && value !== null;
}

/** The expression of an attribute, or of the innermost thing around it that has one. */
function expressionAt(expressions: unknown, keys: readonly string[]): Expression | undefined {
  if (!isObject(expressions)) return undefined;
  if ("constant_value" in expressions || "references" in expressions) return expressions;
  const [key, ...rest] = keys;
  if (key === undefined) return expressions;
  if (Array.isArray(expressions)) return expressionAt(expressions[Number(key)] ?? expressions[0], rest);
  if (Object.hasOwn(expressions, key)) return expressionAt(expressions[key], rest);
  // A block that is there once has no index in some plans.
  return key === "0" ? expressionAt(expressions, rest) : undefined;
}

/** All references in an expression, or in the expressions of a block. */
function referencesIn(expression: unknown): string[] {
  if (!isObject(expression)) return [];
  if (Array.isArray(expression)) return expression.flatMap(referencesIn);
  const own = Array.isArray(expression.references) ? (expression.references as string[]) : [];
  return "references" in expression || "constant_value" in expression
    ? own
    : Object.values(expression).flatMap(referencesIn);
}

/** Terraform lists `a.b.c` and then its beginnings, `a.b`, too: those say nothing more. */
function longest(references: readonly string[]): string[] {
  return references.filter(
    (one) =>
      !references.some((other) => other !== one && /^[.[]/.test(other.slice(one.length)) && other.startsWith(one)),
  );
}

interface Side {
  readonly plan: Plan;
  readonly configured: ReadonlyMap<string, ConfiguredResource>;
  /** What changes, by the address of its block. */
  readonly changes: ReadonlyMap<string, readonly PlannedChange[]>;
}

export class Causes {
  private readonly sides = new Map<StackId, Side>();

  constructor(plans: Plans) {
    for (const stack of stackIds) {
      const plan = plans[stack];
      if (plan === undefined) continue;
      const changes = new Map<string, PlannedChange[]>();
      for (const change of plan.resource_changes ?? []) {
        if (change.change.actions.every((action) => action === "no-op")) continue;
        const block = withoutKeys(change.address);
        changes.set(block, [...(changes.get(block) ?? []), change]);
      }
      const configured = new Map((plan.configuration?.root_module?.resources ?? []).map((one) => [one.address, one]));
      this.sides.set(stack, { plan, configured, changes });
    }
  }

  /** The only variable that an argument is made of. */
  variableOf(stack: StackId, address: string, keys: readonly string[]): string | undefined {
    const references = this.references(stack, address, keys);
    const [name] = references.length === 1 ? (references[0] as string).split(".").slice(1) : [];
    return references[0]?.startsWith("var.") ? name : undefined;
  }

  private references(stack: StackId, address: string, keys: readonly string[]): string[] {
    const { expressions } = this.sides.get(stack)?.configured.get(withoutKeys(address)) ?? {};
    return [...new Set(longest(referencesIn(expressionAt(expressions, keys))))];
  }

  /**
   * @returns the address of the instance whose change this change follows from; the address itself for what the provider
   *   works out anew; undefined for what the configuration says
   */
  of(stack: StackId, change: PlannedChange, attribute: AttributeChange): string | undefined {
    const references = this.references(stack, change.address, attribute.keys);
    const isUnknown = attribute.after === knownAfterApply;
    const cause = this.among(stack, references, (changed, path) =>
      isUnknown ? isUnsettled(changed, path) : explains(changed, path, attribute),
    );
    if (cause !== undefined && cause !== change.address) return cause;
    if (isUnknown && references.length === 0) return change.address;
    // What the state keeps of an argument that was never set.
    const isEmpty = attribute.before === "" || (Array.isArray(attribute.before) && attribute.before.length === 0);
    if (isEmpty && attribute.after === null && references.length === 0) return change.address;
    const [name, key] = attribute.keys;
    const isDerived =
      name === "tags_all" &&
      byTag(attributesOf(change.change)).some(
        ({ keys }) => keys[0] === "tags" && (keys[1] === key || keys.length === 1 || key === undefined),
      );
    return isDerived ? change.address : undefined;
  }

  /** The first changed instance that one of the references leads to, through data sources and the network's outputs. */
  private among(
    stack: StackId,
    references: readonly string[],
    fits: (change: PlannedChange, path: readonly string[]) => boolean,
    seen: ReadonlySet<string> = new Set(),
  ): string | undefined {
    const side = this.sides.get(stack);
    if (side === undefined) return undefined;
    for (const reference of references) {
      if (seen.has(reference)) continue;
      const further = new Set([...seen, reference]);
      const output = unknownOutput(reference) ?? outputOf(reference);
      if (output !== undefined) {
        const { expression } = this.sides.get("network")?.plan.configuration?.root_module?.outputs?.[output] ?? {};
        const cause =
          stack === "network" ? undefined : this.among("network", longest(referencesIn(expression)), fits, further);
        if (cause !== undefined) return cause;
        continue;
      }
      const parsed = parseReference(reference);
      if (parsed === undefined) continue;
      const changes = side.changes.get(parsed.resource) ?? [];
      if (parsed.resource.startsWith("data.")) {
        // One that is read at the apply only waits for something that changes.
        const { expressions, depends_on: waits } = side.configured.get(parsed.resource) ?? {};
        const cause =
          changes.length === 0
            ? undefined
            : this.among(stack, [...(waits ?? []), ...longest(referencesIn(expressions ?? {}))], isAny, further);
        if (cause !== undefined) return cause;
        continue;
      }
      const cause = changes.find((change) => {
        const key = keyOf(reference);
        return (key === undefined || key === parseAddress(change.address)?.key) && fits(change, parsed.path);
      });
      if (cause !== undefined) return cause.address;
    }
    return undefined;
  }
}

const isAny = () => true;

/** `data.terraform_remote_state.network.outputs.NAME` */
function outputOf(reference: string): string | undefined {
  const parsed = parseReference(reference);
  return parsed?.resource.startsWith("data.terraform_remote_state.") && parsed.path[0] === "outputs"
    ? parsed.path[1]
    : undefined;
}

function keyOf(reference: string) {
  // The key follows the name: of `aws_x.y["a"].name` the first three steps are an address.
  const address = /^((?:data\.)?[^.[]+\.[^.[]+(?:\[(?:"(?:\\.|[^"\\])*"|\d+)\])?)/s.exec(reference)?.[1];
  return address === undefined ? undefined : parseAddress(address)?.key;
}

/** Whether a value of an object isn't known before the apply. */
function isUnsettled({ change }: PlannedChange, path: readonly string[]): boolean {
  if (change.actions.includes("create")) return true;
  const [name] = path;
  const mask = change.after_unknown;
  return name === undefined ? isObject(mask) && Object.keys(mask).length > 0 : isObject(mask) && Boolean(mask[name]);
}

/** Whether an attribute changes only because the referred one does: its text with the other's new value is the new text. */
function explains({ change }: PlannedChange, path: readonly string[], { before, after }: AttributeChange): boolean {
  return attributesOf(change)
    .filter(({ keys }) => keys.length > 0 && (path.length === 0 || keys[0] === path[0]))
    .some((other) => {
      if (before === other.before && after === other.after) return true;
      if (typeof before !== "string" || typeof after !== "string") return false;
      if (typeof other.before !== "string" || typeof other.after !== "string" || other.before === "") return false;
      return before.replaceAll(other.before, () => other.after as string) === after;
    });
}

/** Whether an attribute is one of those for whose sake the object is replaced. */
export function forces({ change }: PlannedChange, keys: readonly string[]): boolean {
  return (change.replace_paths ?? []).some((path) => {
    const shorter = Math.min(path.length, keys.length);
    return shorter > 0 && path.slice(0, shorter).every((key, index) => String(key) === keys[index]);
  });
}
