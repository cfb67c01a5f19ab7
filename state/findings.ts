/** What `bin/state/check` finds in a state by itself; `planned-findings.ts` has what plans tell. */
import type { Claim } from "../constructs/terraform/addressed-stack";
import type { Plan, PlannedChange } from "../lib/terraform";
import { isEmptyState, type StateDocument } from "./document";
import { instanceAddress, managedInstances, resourceAddress, unfinishedInstances } from "./inventory";
import { blockLocation, type SourceFile, transientBlocks } from "./old-module";
import { type Origin, type Origins, originOf } from "./origins";
import { type AddressOwners, type StackId, stackIds } from "./parting";
import { movesAndImports } from "./proof";
import { whereToChange } from "./where-to-change";

export interface Finding extends Origin {
  readonly kind:
    | "undeclared"
    | "missing"
    | "instance key"
    | "argument"
    | "unfinished object"
    | "transient block"
    | "misplaced"
    | "duplicate";
  readonly address: string;
  readonly stack: StackId | null;
  /** What Terraform would do. */
  readonly consequence: string;
  /** For an argument: what differs. Values that could be secret are not in it. */
  readonly detail: string;
  /** The setting, variable or file to touch. */
  readonly where: string;
  /** Where the old module says it, and what. */
  readonly oldModule: string | null;
  /** The old module plans the same over its own state: no difference between the two. */
  readonly alsoByOldModule: boolean;
}

/** The provider configuration that the stacks have; objects of others can't be planned here. */
export const ownProvider = /^provider\["registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws"\]$/;

/** What the single findings are made with. */
export interface FindingContext {
  readonly origins: Origins;
  /** Of the old module. */
  readonly files: readonly SourceFile[];
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
    oldModule: blockOf(given.address, context) ?? null,
    alsoByOldModule: false,
    ...originOf(context.origins, given.address),
    ...given,
  };
}

/** Where the old module has the block of an address: `ecs.tf:12`. */
export function blockOf(address: string, { files }: FindingContext): string | undefined {
  const [, type, name] = /^(\w+)\.([\w-]+)/.exec(address) ?? [];
  return type === undefined || name === undefined ? undefined : blockLocation(files, type, name);
}

/** Objects in the wrong state, or in both: a split that is not finished. */
export function strayFindings(
  { network, app }: Partial<Record<StackId, StateDocument>>,
  owners: AddressOwners,
  context: FindingContext,
): Finding[] {
  if (network === undefined || app === undefined || isEmptyState(network)) return [];
  const lies = { network: managedInstances(network), app: managedInstances(app) };
  const inNetwork = new Set(lies.network.map(({ address }) => address));
  return stackIds.flatMap((stack) =>
    lies[stack].flatMap(({ resource, address }) => {
      const owner = owners.ownerOf(resource);
      if (owner === undefined || owner === stack) return [];
      const twice = stack === "app" && inNetwork.has(address);
      const where = "a split that was interrupted: bin/state/resume or bin/state/rollback, with its run";
      return [
        finding(context, {
          kind: twice ? "duplicate" : "misplaced",
          address,
          stack: owner,
          consequence: `${stack} would destroy it, as ${owner} declares it`,
          detail: twice ? "in both states" : `in the state of ${stack}`,
          where,
        }),
      ];
    }),
  );
}

/** What a state manages and no stack declares. */
export function undeclaredInstances(whole: StateDocument, owners: AddressOwners) {
  return managedInstances(whole).filter(({ resource }) => owners.ownerOf(resource) === undefined);
}

export function undeclaredFindings(
  whole: StateDocument,
  owners: AddressOwners,
  plans: Plans,
  context: FindingContext,
): Finding[] {
  const planned = new Map((plans.app?.resource_changes ?? []).map((change) => [change.address, change]));
  return undeclaredInstances(whole, owners).map(({ resource, address }) => {
    const change = planned.get(address);
    const foreign = !ownProvider.test(resource.provider);
    const where =
      resource.module === undefined
        ? `additions/network.ts or additions/app.ts, with the id ${resource.name}`
        : `the module in additions/network.ts or additions/app.ts, with the id ${/^module\.([^.[]+)/.exec(resource.module)?.[1]}`;
    return finding(context, {
      kind: "undeclared",
      address,
      consequence: foreign
        ? `no plan is possible: no stack has ${resource.provider}`
        : `Terraform would ${change === undefined ? "destroy it" : verb(change)}${reason(change)}`,
      where: foreign ? `${where}, and its provider` : where,
    });
  });
}

function verb({ change: { actions } }: PlannedChange): string {
  const words = {
    "no-op": "leave it",
    create: "create it",
    read: "read it",
    update: "update it in place",
    delete: "destroy it",
    forget: "forget it",
  };
  return actions.length === 2 ? "replace it" : words[actions[0] ?? "no-op"];
}

export function reason(change: PlannedChange | undefined): string {
  return change?.action_reason === undefined ? "" : ` (${change.action_reason.replaceAll("_", " ")})`;
}

export function unfinishedFindings(whole: StateDocument, owners: AddressOwners, context: FindingContext): Finding[] {
  return unfinishedInstances(whole).map(({ resource, instance }) =>
    finding(context, {
      kind: "unfinished object",
      address: instanceAddress(resource, instance),
      stack: owners.ownerOf(resource) ?? null,
      consequence: instance.deposed === undefined ? "Terraform would replace it" : "Terraform would destroy it",
      detail: instance.deposed === undefined ? "tainted" : "a deposed object is left of a replacement",
      where: "an apply of the old module (or terraform untaint) before the split",
    }),
  );
}

export function transientFindings(plans: Plans, context: FindingContext): Finding[] {
  const ofHcl = transientBlocks(context.files).map((block) =>
    finding(context, {
      kind: "transient block",
      address: block,
      consequence: "the plan of the old module shows it, the stacks' don't",
      where: "the old module: apply it, then remove the block",
    }),
  );
  const ofStacks = stackIds.flatMap((stack) => {
    const plan = plans[stack];
    return (plan === undefined ? [] : movesAndImports(plan)).map((address) =>
      finding(context, {
        kind: "transient block",
        address,
        stack,
        consequence: "the plan would move or import it",
        where: `additions/${stack}.ts: no moves or imports until the split is done`,
      }),
    );
  });
  return [...ofHcl, ...ofStacks];
}

/** Without a plan only whole resources are known to be missing; with one, instances are. */
export function missingFindings(
  whole: StateDocument,
  claims: readonly Claim[],
  plans: Plans,
  context: FindingContext,
): Finding[] {
  const held = new Set(whole.resources.map(resourceAddress));
  return claims
    .filter(({ kind, address, stack }) => {
      return kind === "managed" && !held.has(address) && plans[stack as StackId] === undefined;
    })
    .map(({ address, stack }) => missing(address, stack as StackId, context));
}

export function missing(address: string, stack: StackId, context: FindingContext): Finding {
  return finding(context, {
    kind: "missing",
    address,
    stack,
    consequence: "Terraform would create it",
    where: whereToChange(address, undefined, stack),
  });
}
