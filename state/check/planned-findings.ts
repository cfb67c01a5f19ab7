/** What the stacks' plans would change, as findings: causes, and what follows from each. */

import type { KnownSecrets } from "../../lib/secrecy/known-secrets";
import { parseAddress, withoutKeys } from "../../terraform/address";
import type { PlannedChange } from "../../terraform/plan";
import { attributesOf } from "../../terraform/plan-changes";
import { secretsOf } from "../../terraform/plan-secrets";
import { toolName } from "../../terraform/tool";
import { discreet } from "../discretion";
import type { StateDocument } from "../document";
import { resourceAddress } from "../inventory";
import { unexpectedChanges } from "../proof";
import { type StackId, stackIds } from "../split-state";
import { isStandIn } from "../unknown-outputs";
import { type Advice, argumentAdvice, ignoredAdvice, ignoredBy } from "./argument-advice";
import { Causes, forces } from "./causes";
import type { Declarations } from "./declared";
import { codeOf, describedChange } from "./described-change";
import {
  addressInOld,
  blockAddress,
  blockOf,
  type Finding,
  type FindingContext,
  finding,
  type Plans,
  reason,
} from "./finding";
import { keysAdvice, keysIn, type StateKeys } from "./instance-keys";
import { missing } from "./missing-findings";
import type { ProviderFindings } from "./provider-settings";
import { byTag } from "./tags";

export interface PlannedContext {
  readonly plans: Plans;
  readonly context: FindingContext;
  readonly declarations: Declarations;
  readonly providers: ProviderFindings;
  /** Addresses that other findings tell of. */
  readonly told: ReadonlySet<string>;
  /** Addresses of objects that an apply left unfinished. */
  readonly unfinished: ReadonlySet<string>;
}

interface Given extends PlannedContext {
  /** The first difference of each block whose keys differ. */
  readonly keyed: Map<string, string>;
  readonly stateKeys: StateKeys;
}

/** @param whole the state that the stacks' plans are made over */
export function plannedFindings(whole: StateDocument, context_: PlannedContext): Finding[] {
  const given: Given = { ...context_, keyed: new Map(), stateKeys: keysIn(whole) };
  const { plans, context, told } = given;
  const held = new Set(whole.resources.filter(({ instances }) => instances.length > 0).map(resourceAddress));
  const causes = new Causes(plans);
  return stackIds.flatMap((stack) => {
    const plan = plans[stack];
    if (plan === undefined) return [];
    const known = secretsOf(plan, context.secrets);
    const unexpected = new Set(unexpectedChanges([plan], plans.old).map(({ address }) => address));
    return (plan.resource_changes ?? [])
      .filter(({ mode, change }) => mode === "managed" && !change.actions.every((action) => action === "no-op"))
      .filter(({ address }) => !told.has(address) && !isStandIn(address))
      .sort((a, b) => (a.address < b.address ? -1 : 1))
      .flatMap((change) => {
        const alsoByOldModule = !unexpected.has(change.address);
        return changeFindings(change, stack, held, causes, known, given).map((one) => ({ ...one, alsoByOldModule }));
      });
  });
}

function changeFindings(
  change: PlannedChange,
  stack: StackId,
  held: ReadonlySet<string>,
  causes: Causes,
  known: KnownSecrets,
  given: Given,
): Finding[] {
  const { address } = change;
  const { context, providers } = given;
  const [action, second] = change.change.actions;
  if (second === undefined && (action === "create" || action === "delete")) {
    const provider = providers.causeOf(stack, address, []);
    const block = withoutKeys(address);
    const first = given.keyed.get(block);
    if (first === undefined) given.keyed.set(block, address);
    if (action === "create" && provider === undefined && !held.has(blockAddress(address))) {
      const found = missing(address, stack, given.declarations, context);
      // All of a block come and go with it.
      return [first === undefined ? found : { ...found, where: "", lines: [], imports: [], because: first }];
    }
    const because = provider ?? first ?? null;
    return [
      finding(context, {
        kind: "instance key",
        address,
        stack,
        consequence: `${toolName()} would ${action === "create" ? "create it" : "destroy it"}${reason(change)}`,
        detail: action === "create" ? "the state lacks this key" : "no stack declares this key",
        because,
        ...(because === null ? keysAdvice(stack, block, given.declarations, given.stateKeys) : {}),
      }),
    ];
  }
  return argumentFindings(change, stack, causes, known, given);
}

function argumentFindings(
  change: PlannedChange,
  stack: StackId,
  causes: Causes,
  known: KnownSecrets,
  { context, providers, declarations, unfinished }: PlannedContext,
): Finding[] {
  const { address } = change;
  const attributes = byTag(attributesOf(change.change));
  const reasons = attributes.map(
    (attribute) => providers.causeOf(stack, address, attribute.keys) ?? causes.of(stack, change, attribute),
  );
  const others = reasons.filter((one): one is string => one !== undefined && one !== address);
  const isOwn = reasons.includes(undefined);
  const isReplaced = change.change.actions.length > 1;
  const ordered = attributes.map((attribute, index) => {
    const why = reasons[index];
    // What the provider works out anew follows from whatever else changes in the object.
    const because = why === address ? (isOwn ? address : (others[0] ?? null)) : (why ?? null);
    const forced = isReplaced && forces(change, attribute.keys);
    return { attribute, because, forced };
  });
  // Something must be told even where everything seems to follow from something else.
  const isUnfinished = unfinished.has(address);
  if (isUnfinished) for (const [index, one] of ordered.entries()) ordered[index] = { ...one, because: address };
  if (!isUnfinished && ordered.every(({ because }) => because === address) && ordered[0] !== undefined)
    ordered[0] = { ...ordered[0], because: null };
  const told = new Set<string>();
  return ordered
    .sort((a, b) => Number(a.because !== null) - Number(b.because !== null) || Number(b.forced) - Number(a.forced))
    .map(({ attribute, because: cause, forced }) => {
      let because = cause;
      const ignored = because === null ? ignoredBy(address, attribute.keys, context) : undefined;
      const advice: Advice =
        because !== null
          ? { where: "", lines: [] }
          : ignored !== undefined
            ? ignoredAdvice(stack, address, ignored.names)
            : argumentAdvice(
                stack,
                address,
                attribute,
                codeOf(attribute, change, known),
                causes.variableOf(stack, address, attribute.keys),
                declarations,
              );
      // One line can settle several arguments.
      const line = ignored === undefined ? undefined : advice.lines.join();
      if (line !== undefined && told.has(line)) because = address;
      if (line !== undefined) told.add(line);
      return finding(context, {
        kind: "argument",
        address,
        stack,
        consequence: isReplaced ? "REPLACE" : "update in place",
        detail: describedChange(attribute, change, known) + (isReplaced ? reason(change) : ""),
        ...(because === null ? advice : { where: "", lines: [] }),
        because,
        forcesReplacement: forced,
        oldModule:
          ignored !== undefined
            ? `${ignored.file}:${ignored.line} ignores changes of ${ignored.names.join(", ")}`
            : oldArgument(address, attribute.keys, change, known, context),
      });
    });
}

/** What a reference of the old module is made of. */
const reference = /^(var|local|data|module|each|count|aws_\w+)\.[\w.[\]"*-]+$/;

/** The old module's line for an argument; without its text where that may hold a secret. */
function oldArgument(
  address: string,
  keys: readonly string[],
  change: PlannedChange,
  known: KnownSecrets,
  context: FindingContext,
): string | null {
  const block = blockOf(address, context);
  const parsed = parseAddress(addressInOld(address, context));
  if (block === null || parsed === undefined) return block;
  const found = context.source.argument(parsed, keys);
  if (found === undefined) return `${block} doesn't set ${known.clean(keys[0] ?? "")}`;
  const place = `${found.file}:${found.line}`;
  const { constant, text } = found.value ?? {};
  if (constant !== undefined) return `${place} says ${discreet(constant, keys, change, known)}`;
  return text !== undefined && reference.test(text) ? `${place} says ${text}` : place;
}
