/** What a split would meet: the stack of each instance, and every difference with the file or setting to change. */
import type { Claim } from "../../constructs/terraform/addressed-stack";
import type { Plan } from "../../terraform/plan";
import { ModuleSource } from "../../terraform/source/module";
import { errorSummary } from "../../terraform/terraform";
import type { StateDocument } from "../document";
import { managedInstances, resourceAddress } from "../inventory";
import { mergedState } from "../merged";
import { type Proof, plannedOutputs } from "../proof";
import { AddressOwners, type StackId, splitState } from "../split-state";
import { setUnknown, unknownOutputs } from "../unknown-outputs";
import { declarationsOf } from "./declared";
import type { Finding, FindingContext } from "./finding";
import { missingFindings } from "./missing-findings";
import { type Origin, originOf, originsOf } from "./origins";
import { plannedFindings } from "./planned-findings";
import { providerFindings } from "./provider-settings";
import { relocate } from "./relocations";
import type { OwnStates, StateAccess } from "./state-command";
import { relocationFindings, strayFindings, unfinishedFindings } from "./state-findings";
import { behindTransient, transientFindings } from "./transient-findings";
import { isPlannable, undeclaredFindings, undeclaredInstances } from "./undeclared-findings";

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
  /** What the stacks are synthesized to. */
  readonly stacks: readonly { readonly id: string; readonly json: unknown }[];
  /** By where it lies; `old` is a state that is not split yet. */
  readonly states: Partial<Record<"old" | StackId, StateDocument>>;
  /** How the old state is reached by hand. */
  readonly access?: StateAccess;
  /** Where the stacks' own states lie as files. */
  readonly files?: OwnStates;
  /** @default no plans are made */
  readonly proof?: Proof;
  /** The old module's folder. */
  readonly hcl?: string;
  /** Values of variables that are secrets. */
  readonly secrets?: readonly string[];
  readonly report?: (line: string) => void;
}

interface Planned {
  readonly plans: { network?: Plan; app?: Plan; old?: Plan };
  readonly notPlanned: Record<string, string>;
}

export async function check(input: CheckInput): Promise<CheckReport> {
  const { project, claims, stacks, states, access = {}, files = {}, hcl, secrets = [] } = input;
  const owners = new AddressOwners(claims);
  const whole = mergedState(states, owners);
  const source = hcl === undefined ? ModuleSource.none : await ModuleSource.read(hcl);
  const declarations = declarationsOf(stacks);
  // Differences behind an object that only lies elsewhere are told as they are once it lies where it belongs.
  const { state, relocations } = relocate(whole, owners, declarations);
  const relocated = new Map(relocations.map(({ from, to }) => [to, from]));
  const context: FindingContext = { origins: originsOf(claims, project), source, relocated, secrets };
  const { plans, notPlanned } = await planAll(input, owners, whole, state);
  const providers = providerFindings(state, plans, context, Object.keys(notPlanned));
  const targets = new Map(
    managedInstances(state).flatMap(({ resource, address }) => pairOf(address, owners.ownerOf(resource))),
  );
  const told = new Set(undeclaredInstances(state, owners).map(({ address }) => address));

  const unfinished = unfinishedFindings(whole, owners, access, context);
  const declared = state.resources.filter((resource) => owners.ownerOf(resource) !== undefined);
  return {
    placements: managedInstances(whole).map(({ resource, address }) => {
      const stack = owners.ownerOf(resource) ?? null;
      return { address, stack, ...originOf(context.origins, resourceAddress(resource)) };
    }),
    findings: behindTransient(
      [
        ...strayFindings(states, owners, files, context),
        ...transientFindings(plans, context),
        ...relocationFindings(relocations, targets, access, context),
        ...providers.findings,
        ...undeclaredFindings(state, owners, plans, access, context),
        ...unfinished,
        ...missingFindings(state, claims, plans, declarations, context),
        ...plannedFindings(state, {
          plans,
          context,
          declarations,
          providers,
          told,
          unfinished: new Set(unfinished.map(({ address }) => address)),
        }),
      ],
      plans,
      context,
    ),
    notPlanned,
    nothingInCommon: declared.every(({ mode }) => mode === "data"),
  };
}

function pairOf(address: string, stack: StackId | undefined): [string, StackId][] {
  return stack === undefined ? [] : [[address, stack]];
}

async function planAll(
  { proof, hcl, report = () => {} }: CheckInput,
  owners: AddressOwners,
  whole: StateDocument,
  relocated: StateDocument,
): Promise<Planned> {
  const plans: Planned["plans"] = {};
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
  if (proof === undefined) return { plans, notPlanned };
  const isWanted = (resource: StateDocument["resources"][number]) =>
    owners.ownerOf(resource) !== undefined || isPlannable(resource);
  const next = splitState({ ...relocated, resources: relocated.resources.filter(isWanted) }, owners);
  await attempt("network", () => proof.plan("network", next.network));
  if (plans.network === undefined) {
    notPlanned.app = "it reads the outputs of network, which could not be planned";
  } else {
    proof.put("network", { ...next.network, outputs: plannedOutputs(plans.network) });
    setUnknown(proof.stackFolder("app"), "network", unknownOutputs(plans.network));
    await attempt("app", () => proof.plan("app", next.app));
  }
  if (hcl !== undefined) await attempt("old", () => proof.planOldModule(hcl, whole));
  return { plans, notPlanned };
}
