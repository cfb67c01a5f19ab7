/** What a parting of states would meet: where each instance goes, and everything that differs, with the place to act. */
import type { Claim } from "../constructs/terraform/addressed-stack";
import { registeredAddresses } from "../constructs/terraform/source-files";
import { type AttributeChange, plannedChanges, type ResourceChange } from "../lib/plan-changes";
import { errorSummary, type Plan, type PlannedChange } from "../lib/terraform";
import { discreet, isSensitiveAt } from "./discretion";
import { isEmptyState, type StateDocument, type StateResource } from "./document";
import { instanceAddress, resourceAddress } from "./inventory";
import { blockLocation, type SourceFile, sources, transientBlocks } from "./old-module";
import { AddressOwners, part, type StackId, stackIds } from "./parting";
import { movesAndImports, type Proof, plannedOutputs, unexpectedChanges } from "./proof";
import { whereToChange } from "./where-to-change";

export interface Placement {
  readonly address: string;
  /** null where no stack declares it. */
  readonly stack: StackId | null;
  readonly constructPath: string | null;
  readonly sourceFile: string | null;
}

export interface Finding {
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
  readonly constructPath: string | null;
  readonly sourceFile: string | null;
  /** Where the old module says it, and what. */
  readonly oldModule: string | null;
  /** The old module plans the same over its own state: no difference between the two. */
  readonly alsoByOldModule: boolean;
}

export interface CheckReport {
  readonly placements: readonly Placement[];
  readonly findings: readonly Finding[];
  /** Why a plan could not be made, by what was to be planned. */
  readonly notPlanned: Readonly<Record<string, string>>;
  /** Whether the state has anything that the stacks declare. */
  readonly nothingInCommon: boolean;
}

export interface CheckInput {
  /** The project's folder. */
  readonly project: string;
  readonly claims: readonly Claim[];
  /** By where it lies; `old` is a state that is not parted yet. */
  readonly states: Partial<Record<"old" | StackId, StateDocument>>;
  /** @default no plans are made */
  readonly proof?: Proof;
  /** The old module's folder. */
  readonly hcl?: string;
  /** Values of variables that are secrets. */
  readonly secrets?: readonly string[];
  readonly report?: (line: string) => void;
}

/** The provider configuration that the stacks have; objects of others can't be planned here. */
const ownProvider = /^provider\["registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws"\]$/;

export async function check(input: CheckInput): Promise<CheckReport> {
  const { project, claims, states, proof, hcl, report = () => {} } = input;
  const owners = new AddressOwners(claims);
  const whole = merged(Object.values(states));
  const origins = originsOf(claims, project);
  const files = hcl === undefined ? [] : sources(hcl);
  const context: Context = { ...input, origins, files };

  const plans: { network?: Plan; app?: Plan; old?: Plan } = {};
  const notPlanned: Record<string, string> = {};
  const attempt = async (name: keyof typeof plans, plan: () => Promise<Plan>) => {
    report(`Planning ${name === "old" ? "the old module" : name}`);
    try {
      plans[name] = await plan();
    } catch (error) {
      // Whatever stands in the way of a plan, the rest of the report is worth having.
      notPlanned[name] = errorSummary((error as Error).message.replace(/^terraform \w+ failed in [^\n]*\n/, ""));
    }
  };
  if (proof !== undefined) {
    const plannable = { ...whole, resources: whole.resources.filter((resource) => isPlannable(resource, owners)) };
    const parted = part(plannable, owners);
    await attempt("network", () => proof.plan("network", parted.network));
    if (plans.network === undefined) {
      notPlanned.app = "it reads the outputs of network, which could not be planned";
    } else {
      proof.put("network", { ...parted.network, outputs: plannedOutputs(plans.network) });
      await attempt("app", () => proof.plan("app", parted.app));
    }
    if (hcl !== undefined) await attempt("old", () => proof.planOldModule(hcl, whole));
  }

  const declared = whole.resources.filter((resource) => owners.ownerOf(resource) !== undefined);
  return {
    placements: managedInstances(whole).map(({ resource, address }) => {
      const stack = owners.ownerOf(resource) ?? null;
      return { address, stack, ...originOf(origins, resourceAddress(resource)) };
    }),
    findings: [
      ...strayFindings(states, owners, context),
      ...undeclaredFindings(whole, owners, plans, context),
      ...unfinishedFindings(whole, owners, context),
      ...transientFindings(plans, context),
      ...missingFindings(whole, claims, plans, context),
      ...plannedFindings(whole, owners, plans, context),
    ],
    notPlanned,
    nothingInCommon: declared.every(({ mode }) => mode === "data"),
  };
}

interface Origin {
  readonly constructPath: string | null;
  readonly sourceFile: string | null;
}

interface Context extends CheckInput {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly files: readonly SourceFile[];
}

function originsOf(claims: readonly Claim[], project: string): Map<string, Origin> {
  const registered = registeredAddresses(claims, project);
  return new Map(registered.map(({ address, constructPath, sourceFile }) => [address, { constructPath, sourceFile }]));
}

function originOf(origins: ReadonlyMap<string, Origin>, address: string): Origin {
  const module = /^module\.[^.[]+/.exec(address)?.[0];
  return origins.get(module ?? address.replace(/\[.*$/, "")) ?? { constructPath: null, sourceFile: null };
}

/** All states as if they were one. */
function merged(documents: readonly StateDocument[]): StateDocument {
  const [first] = documents;
  const empty = { version: 4, terraform_version: "", serial: 0, lineage: "", outputs: {}, resources: [] };
  return { ...(first ?? empty), resources: documents.flatMap(({ resources }) => resources) };
}

function managedInstances(document: StateDocument): { resource: StateResource; address: string }[] {
  return document.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap((resource) =>
      resource.instances.map((instance) => ({ resource, address: instanceAddress(resource, instance) })),
    )
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

function isPlannable(resource: StateResource, owners: AddressOwners): boolean {
  return owners.ownerOf(resource) !== undefined || ownProvider.test(resource.provider);
}

function finding(
  context: Context,
  given: Pick<Finding, "kind" | "address" | "consequence"> & Partial<Finding>,
): Finding {
  const { type, name } = /^(?<type>\w+)\.(?<name>[\w-]+)/.exec(given.address)?.groups ?? {};
  const block = type === undefined || name === undefined ? undefined : blockLocation(context.files, type, name);
  return {
    stack: null,
    detail: "",
    where: "",
    oldModule: block ?? null,
    alsoByOldModule: false,
    ...originOf(context.origins, given.address),
    ...given,
  };
}

/** Objects in the wrong state, or in both: a split that is not finished. */
function strayFindings({ network, app }: CheckInput["states"], owners: AddressOwners, context: Context): Finding[] {
  if (network === undefined || app === undefined || isEmptyState(network)) return [];
  const inNetwork = new Set(managedInstances(network).map(({ address }) => address));
  const lies = { network: managedInstances(network), app: managedInstances(app) };
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

function undeclaredFindings(
  whole: StateDocument,
  owners: AddressOwners,
  plans: { app?: Plan },
  context: Context,
): Finding[] {
  const planned = new Map((plans.app?.resource_changes ?? []).map((change) => [change.address, change]));
  return managedInstances(whole)
    .filter(({ resource }) => owners.ownerOf(resource) === undefined)
    .map(({ resource, address }) => {
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

function reason(change: PlannedChange | undefined): string {
  return change?.action_reason === undefined ? "" : ` (${change.action_reason.replaceAll("_", " ")})`;
}

function unfinishedFindings(whole: StateDocument, owners: AddressOwners, context: Context): Finding[] {
  return whole.resources.flatMap((resource) =>
    resource.instances
      .filter(({ status, deposed }) => status === "tainted" || deposed !== undefined)
      .map((instance) =>
        finding(context, {
          kind: "unfinished object",
          address: instanceAddress(resource, instance),
          stack: owners.ownerOf(resource) ?? null,
          consequence: instance.deposed === undefined ? "Terraform would replace it" : "Terraform would destroy it",
          detail: instance.deposed === undefined ? "tainted" : "a deposed object is left of a replacement",
          where: "an apply of the old module (or terraform untaint) before the split",
        }),
      ),
  );
}

function transientFindings(plans: { network?: Plan; app?: Plan; old?: Plan }, context: Context): Finding[] {
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
function missingFindings(
  whole: StateDocument,
  claims: readonly Claim[],
  plans: { network?: Plan; app?: Plan },
  context: Context,
): Finding[] {
  const held = new Set(whole.resources.map(resourceAddress));
  return claims
    .filter(({ kind, address, stack }) => {
      return kind === "managed" && !held.has(address) && plans[stack as StackId] === undefined;
    })
    .map(({ address, stack }) => missing(address, stack as StackId, context));
}

function missing(address: string, stack: StackId, context: Context): Finding {
  return finding(context, {
    kind: "missing",
    address,
    stack,
    consequence: "Terraform would create it",
    where: whereToChange(address, undefined, stack),
  });
}

function plannedFindings(
  whole: StateDocument,
  owners: AddressOwners,
  { network, app, old }: { network?: Plan; app?: Plan; old?: Plan },
  context: Context,
): Finding[] {
  const held = new Set(whole.resources.map(resourceAddress));
  const undeclared = new Set(
    managedInstances(whole)
      .filter(({ resource }) => owners.ownerOf(resource) === undefined)
      .map(({ address }) => address),
  );
  return stackIds.flatMap((stack) => {
    const plan = stack === "network" ? network : app;
    if (plan === undefined) return [];
    const raw = new Map((plan.resource_changes ?? []).map((change) => [change.address, change]));
    const unexpected = new Set(unexpectedChanges([plan], old).map(({ address }) => address));
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
  context: Context,
): Finding[] {
  const { address, actions } = change;
  const resource = address.replace(/\[.*$/, "");
  const [action, second] = actions;
  const where = whereToChange(address, undefined, stack);
  if (second === undefined && (action === "create" || action === "delete")) {
    if (action === "create" && !held.has(resource)) return [missing(address, stack, context)];
    return [
      finding(context, {
        kind: "instance key",
        address,
        stack,
        consequence: `Terraform would ${action === "create" ? "create it" : "destroy it"}${raw === undefined ? "" : reason(raw)}`,
        detail: action === "create" ? "the state lacks this key" : "no stack declares this key",
        where,
      }),
    ];
  }
  const consequence = second === undefined ? "update in place" : "REPLACE";
  return change.attributes.flatMap((attribute) => {
    const described = describedChange(attribute, raw, context);
    return [
      finding(context, {
        kind: "argument",
        address,
        stack,
        consequence,
        detail: described,
        where: whereToChange(address, attribute.path, stack),
        oldModule: oldArgument(address, attribute.path, raw, context),
      }),
    ];
  });
}

function describedChange(
  { path, before, after }: AttributeChange,
  raw: PlannedChange | undefined,
  context: Context,
): string {
  const inside = documentPaths(before, after);
  if (inside !== undefined) return `${path}: within the document: ${inside.join(", ")}`;
  const keys = path.split(".");
  const sensitive = [raw?.change.before_sensitive, raw?.change.after_sensitive].some((mask) =>
    isSensitiveAt(mask, keys),
  );
  const [from, to] = [before, after].map((value) => discreet(value, path, sensitive, context.secrets ?? []));
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
function oldArgument(address: string, path: string, raw: PlannedChange | undefined, { files }: Context): string | null {
  const [, type, name] = /^(\w+)\.([\w-]+)/.exec(address) ?? [];
  if (type === undefined || name === undefined) return null;
  const location = blockLocation(files, type, name);
  if (location === undefined) return null;
  const [fileName, start] = location.split(/:(?=\d+$)/);
  const lines = files.find((file) => file.name === fileName)?.lines ?? [];
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
