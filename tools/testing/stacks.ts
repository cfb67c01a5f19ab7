import { type App, Testing } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { AddressedStack } from "../../constructs/terraform/addressed-stack";
import { project } from "../../lib/project";
import { servicesOf } from "../../services";
import type { ServiceDefinition } from "../../services/definition";
import { stackIds } from "../../services/names";
import { loadSettings } from "../../settings/load";
import { type Settings, settingsSchema } from "../../settings/schema";
import { addStacks, withHardening } from "../../stacks";
import { AppStack } from "../../stacks/app";
import { NetworkStack } from "../../stacks/network";
import { appContext, projectApp } from "../../stacks/project-app";
import { SynthesizedStack } from "./synthesized-stack";

/** Both stacks before they are synthesized. */
export interface Stacks {
  readonly root: App;
  readonly network: NetworkStack;
  readonly app: AppStack;
}

export interface StackOptions {
  /** What differs from the default settings. */
  readonly settings?: Parameters<typeof settingsSchema.parse>[0];
  /** @default the services that the settings choose */
  readonly services?: (own: readonly ServiceDefinition[]) => readonly ServiceDefinition[];
  /** Classes as in `additions/`. @default none */
  readonly additions?: {
    readonly network?: new (network: NetworkStack) => IConstruct;
    readonly app?: new (app: AppStack) => IConstruct;
  };
  /** @default a temporary folder */
  readonly outdir?: string;
}

/** @throws UserError for wrong settings */
export function defaultSettings(overrides: unknown = {}): Settings {
  return settingsSchema.parse(overrides);
}

/** Both stacks with default settings, the project's own services and no additions, but for what the options change. */
export function makeStacks(options: StackOptions = {}): Stacks {
  const { services: change = (own) => own, additions = {}, outdir } = options;
  const settings = defaultSettings(options.settings);
  const services = change(servicesOf(settings));
  const root = outdir === undefined ? Testing.app({ context: appContext }) : projectApp({ outdir });
  const network = new NetworkStack(root, stackIds.network, { project, settings, services });
  const app = new AppStack(root, stackIds.app, { project, settings, services, network });
  withHardening({ network, app, settings }, () => {
    if (additions.network !== undefined) new additions.network(network);
    if (additions.app !== undefined) new additions.app(app);
  });
  return { root, network, app };
}

/**
 * The stacks as `cdktf synth` makes them, with the team's settings, services and additions; but with local states in a
 * temporary folder, so that nothing that a test does with them reaches the team's states.
 * @throws UserError for wrong settings
 */
export function makeProjectStacks(): Stacks {
  const root = Testing.app({ context: appContext });
  const { settings } = loadSettings({ directory: project });
  const { backend } = defaultSettings({ backend: { directory: root.outdir } });
  return { root, ...addStacks(root, project, { ...settings, backend }) };
}

/** Both stacks, synthesized. */
export class SynthesizedStacks {
  readonly network: SynthesizedStack;
  readonly app: SynthesizedStack;

  constructor({ network, app }: Pick<Stacks, "network" | "app">) {
    this.network = synthStack(network);
    this.app = synthStack(app);
  }

  /** A managed resource of whichever stack has it; an address stands in one of them only. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, for assertions to look into.
  resource(address: string): any {
    const owner = [this.network, this.app].find((stack) => stack.managed().includes(address));
    if (owner === undefined) throw new Error(`${address} is a resource of neither stack`);
    return owner.resource(address);
  }
}

/** `makeStacks`, synthesized. */
export function synth(options: StackOptions = {}): SynthesizedStacks {
  return new SynthesizedStacks(makeStacks(options));
}

/** `makeProjectStacks`, synthesized. */
export function synthProject(): SynthesizedStacks {
  return new SynthesizedStacks(makeProjectStacks());
}

/** What constructs make by themselves: `Testing.synthScope`, under the project's address rule. */
export function synthScope(build: (scope: Construct) => void): SynthesizedStack {
  const stack = new AddressedStack(Testing.app(), "scope");
  build(stack);
  return new SynthesizedStack(stack.node.id, Testing.synth(stack));
}

export function synthStack(stack: NetworkStack | AppStack): SynthesizedStack {
  return new SynthesizedStack(stack.node.id, Testing.synth(stack));
}
