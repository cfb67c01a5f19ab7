import { App, Testing } from "cdktf";
import { servicesOf } from "../../services";
import type { ServiceDefinition } from "../../services/definition";
import { type Settings, settingsSchema } from "../../settings/schema";
import { AppStack } from "../../stacks/app";
import { NetworkStack } from "../../stacks/network";

export interface Stacks {
  readonly root: App;
  readonly network: NetworkStack;
  readonly app: AppStack;
}

export interface StackOptions {
  /** What differs from the defaults. */
  readonly settings?: Parameters<typeof settingsSchema.parse>[0];
  /** @default the services that the settings choose */
  readonly services?: (own: readonly ServiceDefinition[]) => readonly ServiceDefinition[];
  readonly outdir?: string;
}

export function defaultSettings(overrides: unknown = {}): Settings {
  return settingsSchema.parse(overrides);
}

/** Both stacks, as main.ts makes them. */
export function makeStacks({
  settings: overrides,
  services: change = (own) => own,
  outdir,
}: StackOptions = {}): Stacks {
  const settings = defaultSettings(overrides);
  const services = change(servicesOf(settings));
  const root = outdir === undefined ? Testing.app() : new App({ outdir });
  const network = new NetworkStack(root, "network", { settings, services });
  const app = new AppStack(root, "app", { settings, services, network });
  return { root, network, app };
}

export class Synthesized {
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, looked into by assertions.
  constructor(readonly json: any) {}

  /** A block by its address: `aws_lb.main`, `data.aws_vpc.default`, `output.cluster_name`, `var.db_password`. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  block(address: string): any {
    const sections: Record<string, string> = { var: "variable", local: "locals", data: "data", output: "output" };
    const [first = "", ...rest] = address.split(".");
    const path = first in sections ? [sections[first] as string, ...rest] : ["resource", first, ...rest];
    const found = path.reduce((value, key) => value?.[key], this.json);
    if (found === undefined) throw new Error(`${address} is not synthesized`);
    return found;
  }

  /** Addresses of the managed resources, without instance keys. */
  managed(): string[] {
    return Object.entries(this.json.resource ?? {})
      .flatMap(([type, byName]) => Object.keys(byName as object).map((name) => `${type}.${name}`))
      .sort();
  }

  /** Addresses with the instance keys that a literal `toset` gives. */
  instances(): string[] {
    return this.managed()
      .flatMap((address) => {
        const { for_each: each } = this.block(address);
        const keys = /^\$\{toset\((\[.*\])\)\}$/.exec(each ?? "")?.[1];
        return keys === undefined ? [address] : (JSON.parse(keys) as string[]).map((key) => `${address}["${key}"]`);
      })
      .sort();
  }
}

export function synth(options: StackOptions = {}): { network: Synthesized; app: Synthesized } {
  const { network, app } = makeStacks(options);
  return { network: synthStack(network), app: synthStack(app) };
}

export function synthStack(stack: NetworkStack | AppStack): Synthesized {
  return new Synthesized(JSON.parse(Testing.synth(stack)));
}

export { parsedDocument } from "../../diagram/synthesized";
