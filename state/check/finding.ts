/** What `bin/state/check` finds: one difference, why it is there, and what to do about it. */

import { parseAddress } from "../../terraform/address";
import type { Plan, PlannedChange } from "../../terraform/plan";
import type { ModuleSource } from "../../terraform/source/module";
import type { StackId } from "../split-state";
import { type Origin, type Origins, originOf } from "./origins";

/** Each has lines to follow, and a test that follows them. */
export const findingKinds = [
  "undeclared",
  "missing",
  "address",
  "instance key",
  "argument",
  "provider setting",
  "unfinished object",
  "transient block",
  "misplaced",
  "duplicate",
] as const;

export interface Finding extends Origin {
  readonly kind: (typeof findingKinds)[number];
  readonly address: string;
  readonly stack: StackId | null;
  /** What Terraform would do. */
  readonly consequence: string;
  /** For an argument: what differs. Values that could be secret are not in it. */
  readonly detail: string;
  /** The setting, variable, file or command to touch. */
  readonly where: string;
  /** Lines for that place: TypeScript for `additions/`, or commands. */
  readonly lines: readonly string[];
  /** What the lines need at the top of their file. */
  readonly imports: readonly string[];
  /** Where the old module says it, and what. */
  readonly oldModule: string | null;
  /** The address of the finding that this one follows from; null for a cause. */
  readonly because: string | null;
  /** Whether this argument forces the replacement of the object. */
  readonly forcesReplacement: boolean;
  /** The old module plans the same over its own state: no difference between the two. */
  readonly alsoByOldModule: boolean;
}

/** What the single findings are made with. */
export interface FindingContext {
  readonly origins: Origins;
  /** Of the old module. */
  readonly source: ModuleSource;
  /** Where the state has what lies elsewhere in the stacks, by the stacks' addresses. */
  readonly relocated: ReadonlyMap<string, string>;
  /** Values of variables that are secrets. */
  readonly secrets: readonly string[];
}

/** As far as they could be made. */
export interface Plans {
  readonly network?: Plan;
  readonly app?: Plan;
  readonly old?: Plan;
}

export function finding(
  context: FindingContext,
  given: Pick<Finding, "kind" | "address" | "consequence"> & Partial<Finding>,
): Finding {
  return {
    stack: null,
    detail: "",
    where: "",
    lines: [],
    imports: [],
    oldModule: blockOf(given.address, context),
    because: null,
    forcesReplacement: false,
    alsoByOldModule: false,
    ...originOf(context.origins, given.address),
    ...given,
  };
}

/** The address that an object of the stacks has in the old module. */
export function addressInOld(address: string, { relocated }: FindingContext): string {
  return relocated.get(address) ?? address;
}

/** Where the old module has the block of an address: `ecs.tf:12`. */
export function blockOf(address: string, context: FindingContext): string | null {
  const parsed = parseAddress(addressInOld(address, context));
  const block = parsed === undefined ? undefined : context.source.resource(parsed);
  return block === undefined ? null : `${block.file}:${block.line}`;
}

/** Terraform's own word on why, where the action isn't plain from the change. */
export function reason(change: PlannedChange | undefined): string {
  return change?.action_reason == null ? "" : ` (${change.action_reason.replaceAll("_", " ")})`;
}

/** Type and name of an instance's address. */
export function blockAddress(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : `${parsed.type}.${parsed.name}`;
}
