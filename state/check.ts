/** What a parting of states would meet: where each instance goes, and everything that differs, with the place to act. */
import type { Claim } from "../constructs/terraform/addressed-stack";
import { errorSummary, type Plan } from "../lib/terraform";
import type { StateDocument, StateResource } from "./document";
import {
  type Finding,
  missingFindings,
  ownProvider,
  strayFindings,
  transientFindings,
  undeclaredFindings,
  unfinishedFindings,
} from "./findings";
import { managedInstances, resourceAddress } from "./inventory";
import { sources } from "./old-module";
import { type Origin, originOf, originsOf } from "./origins";
import { AddressOwners, part, type StackId } from "./parting";
import { plannedFindings } from "./planned-findings";
import { type Proof, plannedOutputs } from "./proof";

export interface Placement extends Origin {
  readonly address: string;
  /** null where no stack declares it. */
  readonly stack: StackId | null;
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

export async function check(input: CheckInput): Promise<CheckReport> {
  const { project, claims, states, proof, hcl, secrets = [], report = () => {} } = input;
  const owners = new AddressOwners(claims);
  const whole = merged(Object.values(states));
  const origins = originsOf(claims, project);
  const context = { origins, files: hcl === undefined ? [] : sources(hcl), secrets };

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

/** All states as if they were one. */
function merged(documents: readonly StateDocument[]): StateDocument {
  const [first] = documents;
  const empty = { version: 4, terraform_version: "", serial: 0, lineage: "", outputs: {}, resources: [] };
  return { ...(first ?? empty), resources: documents.flatMap(({ resources }) => resources) };
}

function isPlannable(resource: StateResource, owners: AddressOwners): boolean {
  return owners.ownerOf(resource) !== undefined || ownProvider.test(resource.provider);
}
