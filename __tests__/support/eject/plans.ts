/** Ejected modules planned beside the stacks that they come from, over the states of a deployed system. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eject } from "../../../eject";
import { tfVariables } from "../../../local/trial/sample-variables";
import { splitStackIds } from "../../../services/names";
import type { Plan } from "../../../terraform/plan";
import { Terraform } from "../../../terraform/terraform";
import { makeStacks, type StackOptions } from "../../../tools/testing";
import type { Deployed } from "../aws/deployed";
import { project } from "../project";

interface State {
  readonly outputs: object;
  readonly resources: readonly { readonly mode: string }[];
}

/** The state of the merged module: as after `terraform state mv`, with the outputs too. @returns its text */
export function oneState({ states }: Deployed): string {
  const [network, app] = [states.network, states.app].map((text) => JSON.parse(text)) as [State, State];
  const moved = network.resources.filter(({ mode }) => mode === "managed");
  return JSON.stringify({
    ...app,
    outputs: { ...network.outputs, ...app.outputs },
    resources: [...app.resources, ...moved],
  });
}

export async function planOf(
  { aws }: Deployed,
  own: string,
  variables: Readonly<Record<string, string>>,
): Promise<Plan> {
  const terraform = new Terraform(own, { environment: { ...aws.environment, ...tfVariables(variables) } });
  await terraform.init();
  return terraform.plan({ args: ["-refresh=false", "-lock=false"] });
}

/** All that an apply would do. */
export function effects(...plans: readonly Plan[]) {
  const changes = plans
    .flatMap((plan) => plan.resource_changes ?? [])
    .filter(({ mode }) => mode === "managed")
    .map(({ address, change, previous_address }) => ({ address, change, previous_address }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  return { changes, outputs: Object.assign({}, ...plans.map((plan) => plan.output_changes ?? {})) };
}

export interface Plans {
  readonly stacks: readonly Plan[];
  readonly ejected: readonly Plan[];
  readonly oneRoot: Plan;
  /** The folder of the merged module. */
  readonly root: string;
}

export interface EjectedOptions extends StackOptions {
  /** A folder of their own. */
  readonly folder: string;
  /** The setting, and where the merged state is in the place of the app's. */
  readonly backend: object;
  readonly one: readonly [app: string, one: string];
  /** @default those of the deployment */
  readonly variables?: Readonly<Record<string, string>>;
}

export async function ejectedPlans(deployed: Deployed, given: EjectedOptions): Promise<Plans> {
  const { folder, backend, one, variables = deployed.variables, ...options } = given;
  mkdirSync(folder);
  const settings = { ...(options.settings as object), backend };
  makeStacks({ ...options, outdir: join(folder, "cdktf.out"), settings }).root.synth();
  const stacks = splitStackIds.map((id) => ({ id, folder: join(folder, "cdktf.out", "stacks", id) }));
  const out = join(folder, "stacks");
  const root = join(folder, "one-root");
  await eject({ project, stacks, out });
  await eject({ project, stacks, out: root, joinedStacks: splitStackIds });
  const provider = readFileSync(join(root, "provider.tf"), "utf8");
  expect(provider).toContain(one[0]);
  writeFileSync(join(root, "provider.tf"), provider.replace(...one));
  const plans = { stacks: [] as Plan[], ejected: [] as Plan[] };
  for (const { id, folder: synthesized } of stacks) {
    const both = [synthesized, join(out, id)].map((own) => planOf(deployed, own, variables));
    const [stack, ejected] = (await Promise.all(both)) as [Plan, Plan];
    plans.stacks.push(stack);
    plans.ejected.push(ejected);
  }
  return { ...plans, oneRoot: await planOf(deployed, root, variables), root };
}
